namespace Spiffe.Agent.Cli.Fetch;

/// <summary>What stands behind an identity's name.</summary>
internal static class Remark
{
    /// <summary><c>default, hint internal</c>, or what of it applies.</summary>
    public static string Of(bool isDefault, string hint) => (isDefault, hint.Length > 0) switch
    {
        (true, true) => $"default, hint {hint}",
        (true, false) => "default",
        (false, true) => $"hint {hint}",
        _ => "",
    };
}
