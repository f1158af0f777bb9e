using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tasks.Intents;

/// <summary>What a task says it is for: bounded text from strangers. Recorded and hashed, held against what it does, never authority.</summary>
public sealed class TaskIntent : IEquatable<TaskIntent>
{
    private TaskIntent(IntentDraft draft, Sensitivity? most)
    {
        (Goal, Reason, Ticket, PlanDigest, MaxSensitivity) = (draft.Goal, draft.Reason, draft.Ticket, draft.PlanDigest, most);
        (ExpectedActions, Tools, Boundaries) = (Sorted(draft.ExpectedActions), Sorted(draft.Tools), Sorted(draft.Boundaries));
        Digest = CanonicalJson.Digest(Write());
        GoalDigest = CanonicalJson.Digest(System.Text.Encoding.UTF8.GetBytes(Goal));
    }

    /// <summary>Nothing declared: work that cannot declare, such as a unit's run.</summary>
    public static TaskIntent None { get; } = new(new IntentDraft(), null);

    public string Goal { get; }

    public string Reason { get; }

    public string Ticket { get; }

    /// <summary>In ordinal order, each once; none: whatever is granted.</summary>
    public ImmutableArray<string> ExpectedActions { get; }

    /// <summary>In ordinal order, each once; none: any.</summary>
    public ImmutableArray<string> Tools { get; }

    /// <summary>In ordinal order, each once; none: any.</summary>
    public ImmutableArray<string> Boundaries { get; }

    /// <summary>Null: whatever is granted.</summary>
    public Sensitivity? MaxSensitivity { get; }

    /// <summary>SHA-256 of a plan kept elsewhere; empty: none.</summary>
    public string PlanDigest { get; }

    /// <summary>SHA-256 of the canonical JSON (RFC 8785), base64url: the claim <c>intent_s256</c>.</summary>
    public string Digest { get; }

    /// <summary>SHA-256 of the goal's UTF-8, base64url: by it policies know a goal that was agreed on.</summary>
    public string GoalDigest { get; }

    /// <summary>All of it as canonical JSON: what <see cref="Digest"/> is of.</summary>
    public byte[] ToCanonical() => Write();

    /// <summary>Reads a declared intent.</summary>
    /// <returns>False, with the member that is at fault and why, where a text is too long, not valid Unicode, holds controls, or there are too many of something.</returns>
    public static bool TryCreate(IntentDraft draft, [NotNullWhen(true)] out TaskIntent? intent, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(draft);
        intent = null;
        Sensitivity sensitivity = default;
        fault = Text("goal", draft.Goal, IntentLimits.MaxGoalLength) ?? Text("reason", draft.Reason, IntentLimits.MaxReasonLength) ?? Text("ticket", draft.Ticket, IntentLimits.MaxNameLength)
            ?? Names("expected_actions", draft.ExpectedActions) ?? Names("tools", draft.Tools) ?? Names("boundaries", draft.Boundaries)
            ?? (draft.MaxSensitivity.Length > 0 && !Sensitivities.TryParse(draft.MaxSensitivity, out sensitivity) ? "max_sensitivity: public, internal, confidential or restricted" : null)
            ?? (draft.PlanDigest.Length > 0 && !(draft.PlanDigest.Length == IntentLimits.DigestLength && Base64Url.IsValid(draft.PlanDigest)) ? "plan_s256: 43 characters of base64url" : null);
        if (fault is null) intent = new TaskIntent(draft, draft.MaxSensitivity.Length > 0 ? sensitivity : null);
        return intent is not null;
    }

    /// <summary>What changes when the other intent takes the place of this one.</summary>
    public IntentChanges ChangesTo(TaskIntent other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Equals(other)) return IntentChanges.None;
        IntentChanges changes = IntentChanges.None;
        if (!Same(Goal, other.Goal) || !Same(Reason, other.Reason) || !Same(Ticket, other.Ticket) || !Same(PlanDigest, other.PlanDigest)) changes |= IntentChanges.Goal;
        if (Widens(ExpectedActions, other.ExpectedActions)) changes |= IntentChanges.Actions;
        if (Widens(Tools, other.Tools)) changes |= IntentChanges.Tools;
        if (Widens(Boundaries, other.Boundaries)) changes |= IntentChanges.Boundaries;
        if (MaxSensitivity is { } most && !(other.MaxSensitivity <= most)) changes |= IntentChanges.Sensitivity;
        return changes == IntentChanges.None ? IntentChanges.Narrower : changes;
    }

    /// <summary>In what an action leaves what was declared. Where tools or boundaries are declared, an action that names none leaves them: not saying is no way around.</summary>
    public IntentChanges LeftBy(ActionQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        IntentChanges left = IntentChanges.None;
        if (!Declares(ExpectedActions, question.Action)) left |= IntentChanges.Actions;
        if (!Declares(Tools, question.Tool)) left |= IntentChanges.Tools;
        if (!Declares(Boundaries, question.Boundary)) left |= IntentChanges.Boundaries;
        if (question.Sensitivity > MaxSensitivity) left |= IntentChanges.Sensitivity;
        return left;
    }

    public bool Equals(TaskIntent? other) => other is not null && Same(Digest, other.Digest);

    public override bool Equals(object? obj) => Equals(obj as TaskIntent);

    public override int GetHashCode() => Digest.GetHashCode(StringComparison.Ordinal);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    private static bool Declares(ImmutableArray<string> names, string? name) => names.IsEmpty || (name is not null && names.BinarySearch(name, StringComparer.Ordinal) >= 0);

    private static bool Widens(ImmutableArray<string> from, ImmutableArray<string> to) => !from.IsEmpty && (to.IsEmpty || to.Any(name => !Declares(from, name)));

    private static ImmutableArray<string> Sorted(IReadOnlyCollection<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string? Text(string member, string text, int most) =>
        text.Length > most ? $"{member}: at most {most} characters" : IntentText.IsReadable(text) ? null : $"{member}: controls, line breaks and marks that turn the direction of text are not allowed";

    private static string? Names(string member, IReadOnlyCollection<string> names)
    {
        if (names.Count > IntentLimits.MaxNames) return $"{member}: at most {IntentLimits.MaxNames} entries";
        return names.Any(name => name.Length == 0) ? $"{member}: an entry is empty" : names.Select(name => Text(member, name, IntentLimits.MaxNameLength)).FirstOrDefault(fault => fault is not null);
    }

    private byte[] Write()
    {
        CanonicalWriter writer = new();
        writer.BeginObject();
        List("boundaries", Boundaries);
        List("expected_actions", ExpectedActions);
        Member("goal", Goal);
        Member("max_sensitivity", MaxSensitivity is { } most ? Sensitivities.NameOf(most) : "");
        Member("plan_s256", PlanDigest);
        Member("reason", Reason);
        Member("ticket", Ticket);
        List("tools", Tools);
        writer.EndObject();
        return writer.ToArray();

        void Member(string name, string text)
        {
            if (text.Length == 0) return;
            writer.Name(name);
            writer.String(text);
        }

        void List(string name, ImmutableArray<string> names)
        {
            if (names.IsEmpty) return;
            writer.Name(name);
            writer.BeginArray();
            foreach (string item in names) writer.String(item);
            writer.EndArray();
        }
    }
}
