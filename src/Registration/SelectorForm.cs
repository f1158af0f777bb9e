namespace Spiffe.Agent.Registration;

/// <summary>What the values of one kind of selector look like: one that looks otherwise would never hold.</summary>
internal enum SelectorForm
{
    /// <summary>Anything.</summary>
    Text,

    /// <summary>Decimal digits without leading zeros, such as a uid.</summary>
    Number,

    /// <summary>An absolute path.</summary>
    Path,

    /// <summary>64 digits of [0-9a-f].</summary>
    Sha256,

    /// <summary>32 digits of [0-9a-f], as systemd writes 128-bit ids.</summary>
    Id128,

    /// <summary>A name, a colon, a value: a label.</summary>
    Pair,

    /// <summary>A name, an equals sign, a value: an environment variable.</summary>
    Assignment,

    /// <summary>A template unit: <c>name@.suffix</c>.</summary>
    Template,

    /// <summary>A user's number, a colon, the name of a unit of that user's service manager.</summary>
    UserUnit,

    /// <summary>Which of a pod's lists the container is in.</summary>
    ContainerType,

    /// <summary>Of use in an id alone: it says who one process is, and never whether it is trusted.</summary>
    PlaceholderOnly,
}
