using System.Collections.Immutable;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>A task as policies see it: made once, immutable, used for every question until its evidence changes.</summary>
public sealed class TaskEntities
{
    private readonly ImmutableArray<EntityData> _all;

    public TaskEntities(TaskFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        Facts = facts;
        Template = new EntityUid("Template", facts.Template);
        Principal = Name(facts.Id);
        EntityUid labels = new("Labels", facts.Id.ToString());
        ImmutableArray<EntityUid> above = [Template, .. facts.Ancestors.Select(Name)];
        _all =
        [
            new EntityData(Template, ValueRecord.Of([new("owner", Value.Of(facts.Owner))]), [], ValueRecord.Empty),
            new EntityData(Principal, Attributes(facts, labels), above, ValueRecord.Empty),
            new EntityData(labels, ValueRecord.Empty, [], ValueRecord.Of(facts.Labels.Select(label => KeyValuePair.Create(label.Key, Value.Of(label.Value))))),
        ];
        Store = EntityStore.TryCreate(_all, out EntityStore? store, out string? error) ? store : throw new ArgumentException(error, nameof(facts));
        Canonical = FactsForm.Write(facts);
    }

    public TaskFacts Facts { get; }

    internal EntityUid Principal { get; }

    internal EntityUid Template { get; }

    /// <summary>What is known when nothing but the task is.</summary>
    internal EntityStore Store { get; }

    /// <summary>Canonical JSON of the facts, as questions record them.</summary>
    internal byte[] Canonical { get; }

    /// <summary>What is known together with a question's own entities.</summary>
    internal EntityStore With(ReadOnlySpan<EntityData> more) =>
        EntityStore.TryCreate([.. _all, .. more], out EntityStore? store, out string? error) ? store : throw new InvalidOperationException(error);

    private static EntityUid Name(TaskId id) => new("Task", id.ToString());

    private static ValueRecord Attributes(TaskFacts facts, EntityUid labels) => ValueRecord.Of(
    [
        new("depth", Value.Of((long)facts.Ancestors.Length)),
        new("issuer", Value.Of(facts.Issuer)),
        new("labels", Value.Of(labels)),
        new("owner", Value.Of(facts.Owner)),
        new("selectors", Value.Of(ValueSet.Of([.. facts.Selectors.Select(selector => Value.Of(selector.ToString()))]))),
        new("subject", Value.Of(facts.Subject)),
        new("template", Value.Of(facts.Template)),
    ]);
}
