namespace Spiffe.Agent.Attestation.Binding;

/// <summary>Of what an <see cref="InvocationKey"/> names one run.</summary>
public enum InvocationKind
{
    /// <summary>A unit of the system's service manager.</summary>
    SystemdUnit = 1,

    /// <summary>A container.</summary>
    Container,

    /// <summary>A cgroup that is neither.</summary>
    Cgroup,
}
