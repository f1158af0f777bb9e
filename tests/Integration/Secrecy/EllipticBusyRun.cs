namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>With P-256 keys, the default.</summary>
public sealed class EllipticBusyRun() : BusyRun("ec-p256");
