using Xunit.Abstractions;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <inheritdoc cref="BusyRunTests"/>
public sealed class EllipticBusyRunTests(EllipticBusyRun run, ITestOutputHelper output) : BusyRunTests(run, output), IClassFixture<EllipticBusyRun>;
