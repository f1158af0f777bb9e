namespace Spiffe.Agent.Tests.Integration;

/// <summary>Tests that measure what the whole process holds or allocates: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
