namespace Spiffe.Agent.Attestation.Proc;

/// <summary>Looks at the numbers behind <c>Groups:</c> while their buffer is alive.</summary>
internal delegate void GroupsReader<in TState>(ReadOnlySpan<byte> groups, TState state);
