using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Schema;

/// <summary>What came of reading a schema: the schema or, where it has faults, all of them at once.</summary>
/// <param name="Schema">The schema, or null where there are errors.</param>
/// <param name="Errors">Why there is none; in source order, at most <see cref="SchemaLimits.MaxErrors"/>.</param>
/// <param name="Warnings">What is allowed and probably a mistake.</param>
public sealed record SchemaReading(PolicySchema? Schema, ImmutableArray<SchemaNotice> Errors, ImmutableArray<SchemaNotice> Warnings);
