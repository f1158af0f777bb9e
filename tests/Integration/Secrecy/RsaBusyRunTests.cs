using Xunit.Abstractions;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <inheritdoc cref="BusyRunTests"/>
public sealed class RsaBusyRunTests(RsaBusyRun run, ITestOutputHelper output) : BusyRunTests(run, output), IClassFixture<RsaBusyRun>;
