namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>With RSA keys.</summary>
public sealed class RsaBusyRun() : BusyRun("rsa-2048");
