namespace Spiffe.Agent.Tests.Benchmarks.Load;

/// <summary>A server did not answer as a measurement needs it.</summary>
internal sealed class RefusedException(string message) : Exception(message);
