namespace Spiffe.Agent.Attestation.Binding;

/// <summary>Which of the cgroups around a process is meant.</summary>
public enum CgroupScope
{
    /// <summary>Of the unit of the system's service manager: a service, or a scope that is no login session.</summary>
    Unit = 1,

    /// <summary>Of the outermost container.</summary>
    Container,

    /// <summary>The one that the process itself is in, whatever it is called.</summary>
    Own,
}
