using System.Diagnostics.CodeAnalysis;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Values;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>A question in Cedar's words, as the schema has them.</summary>
/// <param name="Request">Who, what, where and when.</param>
/// <param name="Entities">What is known of them.</param>
internal readonly record struct QuestionRequest(AuthorizationRequest Request, EntityStore Entities)
{
    private const decimal Scale = 10_000;

    private static readonly EntityUid[] Actions = [.. Enum.GetValues<TaskAct>().Select(act => new EntityUid("Action", TaskActs.NameOf(act)))];
    private static readonly EntityUid NoPlace = new("Place", "");
    private static readonly EntityUid Texts = new("Texts", "");
    private static readonly EntityUid Numbers = new("Numbers", "");

    /// <summary>Puts a question into Cedar's words; false, with the reason, where a number does not fit there: a policy that cannot see it cannot permit it.</summary>
    public static bool TryCreate(RecordedQuestion question, out QuestionRequest request, [NotNullWhen(false)] out string? error)
    {
        TaskEntities task = question.Task;
        List<KeyValuePair<string, Value>> context = Moment(question);
        error = null;
        request = default;
        if (question.Act != TaskAct.Use)
        {
            request = new QuestionRequest(new AuthorizationRequest(task.Principal, Actions[(int)question.Act], task.Template, ValueRecord.Of(context)), task.Store);
            return true;
        }

        ActionQuestion action = question.Action ?? throw new ArgumentException("a use is of an action", nameof(question));
        if (!TryTags(action.Parameters, out ValueRecord? texts, out ValueRecord? numbers, out error)) return false;
        AddAction(context, question, action);
        EntityUid place = action.Location is null ? NoPlace : Place(action.Location.ToString());
        EntityStore entities = task.With(
        [
            new EntityData(place, ValueRecord.Empty, action.Location is null ? [] : [.. action.Location.Above().Select(Place)], ValueRecord.Empty),
            new EntityData(Texts, ValueRecord.Empty, [], texts),
            new EntityData(Numbers, ValueRecord.Empty, [], numbers),
        ]);
        request = new QuestionRequest(new AuthorizationRequest(task.Principal, Actions[(int)TaskAct.Use], place, ValueRecord.Of(context)), entities);
        return true;
    }

    private static EntityUid Place(string text) => new("Place", text);

    private static List<KeyValuePair<string, Value>> Moment(RecordedQuestion question) => new(23)
    {
        new("approvals", Value.Of((long)question.Approvals)),
        new("goal_s256", Value.Of(question.GoalDigest)),
        new("intent_changed", Value.Of(question.IntentChanged)),
        new("intent_s256", Value.Of(question.IntentDigest)),
        new("reason", Value.Of(question.Reason)),
        new("sensitivity", Value.Of((long)question.Sensitivity)),
        new("ticket", Value.Of(question.Ticket)),
        new("time", Value.Of(new CedarDatetime(question.Time))),
        new("trigger", Value.Of(question.Trigger.Length > 0 ? question.Trigger : TaskActs.NameOf(question.Act))),
    };

    private static void AddAction(List<KeyValuePair<string, Value>> context, RecordedQuestion question, ActionQuestion action)
    {
        context.Add(new("action", Value.Of(action.Action)));
        context.Add(new("audience", Value.Of(action.Audience ?? "")));
        context.Add(new("boundary", Value.Of(action.Boundary ?? "")));
        context.Add(new("datatype", Value.Of(action.Datatype ?? "")));
        context.Add(new("identifier", Value.Of(action.Identifier ?? "")));
        context.Add(new("location", Value.Of(action.Location?.ToString() ?? "")));
        context.Add(new("numbers", Value.Of(Numbers)));
        context.Add(new("parameters", Value.Of(action.Parameters.Values.IsEmpty ? ValueSet.Empty : ValueSet.Of([.. action.Parameters.Values.Keys.Select(Value.Of)]))));
        context.Add(new("remaining", Value.Of(question.Remaining ?? -1)));
        context.Add(new("texts", Value.Of(Texts)));
        context.Add(new("tool", Value.Of(action.Tool ?? "")));
        context.Add(new("type", Value.Of(action.Type)));
        context.Add(new("uses", Value.Of(question.Uses)));
    }

    private static bool TryTags(ActionParameters parameters, [NotNullWhen(true)] out ValueRecord? texts, [NotNullWhen(true)] out ValueRecord? numbers, [NotNullWhen(false)] out string? error)
    {
        (texts, numbers, error) = (ValueRecord.Empty, ValueRecord.Empty, null);
        if (parameters.Values.IsEmpty) return true;
        List<KeyValuePair<string, Value>> texting = [], counting = [];
        foreach ((string name, ParameterValue value) in parameters.Values)
        {
            if (value.Text is { } text) texting.Add(new(name, Value.Of(text)));
            if (value.IsInexact)
            {
                error = $"parameter {name}: policies see numbers of at most 15 digits, written without an exponent";
                return false;
            }

            if (value.Number is not { } number) continue;
            decimal scaled = number * Scale;
            if (scaled != decimal.Truncate(scaled) || scaled < long.MinValue || scaled > long.MaxValue)
            {
                error = $"parameter {name}: policies see numbers of at most four decimal places, up to 922337203685477.5807";
                return false;
            }

            counting.Add(new(name, Value.Of(new CedarDecimal((long)scaled))));
        }

        (texts, numbers) = (ValueRecord.Of(texting), ValueRecord.Of(counting));
        return true;
    }
}
