using System.Collections.Immutable;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema;

/// <summary>Collects what is wrong with a schema while it is read; keeps at most <see cref="SchemaLimits.MaxErrors"/> of each kind.</summary>
internal sealed class SchemaNotices
{
    private readonly List<SchemaNotice> _errors = [];
    private readonly List<SchemaNotice> _warnings = [];

    public bool HasErrors => _errors.Count > 0;

    /// <summary>Whether no further error would be kept, so that reading on is of no use.</summary>
    public bool IsFull => _errors.Count >= SchemaLimits.MaxErrors;

    public void Error(string message, SourceSpan span) => Add(_errors, message, span);

    public void Warning(string message, SourceSpan span) => Add(_warnings, message, span);

    public SchemaReading Close(PolicySchema? schema) => new(HasErrors ? null : schema, Sorted(_errors), Sorted(_warnings));

    private static void Add(List<SchemaNotice> notices, string message, SourceSpan span)
    {
        if (notices.Count < SchemaLimits.MaxErrors) notices.Add(new SchemaNotice(message, span));
    }

    private static ImmutableArray<SchemaNotice> Sorted(List<SchemaNotice> notices) => [.. notices.OrderBy(notice => notice.Span.Start)];
}
