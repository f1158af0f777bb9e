using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>What a question about an action must keep to, and what of it is written down. Its texts are a worker's, that is, of whoever has injected a prompt into it.</summary>
internal static class ActionRules
{
    /// <summary>Longest name of an action, type, tool, boundary or kind of data, in characters. Ours.</summary>
    public const int MaxName = 256;

    /// <summary>Longest reason, in characters. Ours: it is for people who approve.</summary>
    public const int MaxReason = 1024;

    public static bool TryRead(ActionAsk ask, [NotNullWhen(true)] out ActionQuestion? question, out string fault)
    {
        question = null;
        fault = ask.Type.Length == 0 ? "type: must be said"
            : ask.Action.Length == 0 ? "action: must be said"
            : ask.Audience.Length is 0 or > AudienceSet.MaxLength ? $"audience: one, of at most {AudienceSet.MaxLength} characters"
            : new[] { ask.Type, ask.Action, ask.Identifier, ask.Tool, ask.Boundary, ask.Datatype }.Any(static name => name.Length > MaxName || name.Any(char.IsControl)) ? $"names have at most {MaxName} printable characters"
            : ask.Audience.Any(char.IsControl) ? "audience: printable characters only"
            : ask.Reason.Length > MaxReason || ask.Reason.Any(char.IsControl) ? $"reason: at most {MaxReason} printable characters"
            : "";
        if (fault.Length > 0) return false;
        GrantLocation? location = null;
        if (ask.Location.Length > 0 && !GrantLocation.TryParse(ask.Location, out location, out string? wrong))
        {
            fault = $"location: {wrong}";
            return false;
        }

        Sensitivity sensitivity = Sensitivity.Public; // What is not said is not asked for: the token is for public data then.
        if (ask.Sensitivity.Length > 0 && !Sensitivities.TryParse(ask.Sensitivity, out sensitivity))
        {
            fault = "sensitivity: one of public, internal, confidential, restricted";
            return false;
        }

        if (!ActionParameters.TryParse(ask.Parameters.Span, out ActionParameters? parameters))
        {
            fault = $"parameters: a JSON object of at most {ActionParameters.MaxLength} bytes, no name twice";
            return false;
        }

        question = new ActionQuestion
        {
            Type = ask.Type,
            Action = ask.Action,
            Location = location,
            Identifier = NullIfEmpty(ask.Identifier),
            Datatype = NullIfEmpty(ask.Datatype),
            Sensitivity = sensitivity,
            Audience = ask.Audience,
            Parameters = parameters,
            Tool = NullIfEmpty(ask.Tool),
            Boundary = NullIfEmpty(ask.Boundary),
        };
        return true;
    }

    /// <summary>Everything that an approval of it is bound to, as one digest.</summary>
    public static string DigestOf(ActionAsk ask, ActionQuestion question)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartArray();
            foreach (string part in (string[])[ask.Type, ask.Action, question.Location?.ToString() ?? "", ask.Identifier, ask.Datatype, question.Sensitivity.ToString(), ask.Tool, ask.Boundary, ask.Audience, question.Parameters.Digest ?? ""])
                json.WriteStringValue(part);
            json.WriteEndArray();
        }

        return CanonicalJson.Digest(buffer.WrittenSpan);
    }

    /// <summary>For the person who is asked.</summary>
    public static string Question(LiveTask task, ActionAsk ask)
    {
        string text = $"{task.Template.Name}: {ask.Action} ({ask.Type}) on {ask.Location} for {ask.Audience}";
        if (ask.Tool.Length > 0) text += $" with {ask.Tool}";
        if (!ask.Parameters.IsEmpty) text += $", parameters {ShownParameters(ask.Parameters.Span)}";
        return Readable(ask.Reason.Length > 0 ? $"{text}; reason given: {ask.Reason}" : text);
    }

    /// <summary>All of them, or as many as people read, and that there are more: who approves approves all.</summary>
    private static string ShownParameters(ReadOnlySpan<byte> parameters) => parameters.Length <= MaxReason
        ? Encoding.UTF8.GetString(parameters)
        : string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(parameters[..MaxReason])}... CUT HERE: {parameters.Length} bytes, of which these are the first {MaxReason}");

    /// <summary>For terminals of people who decide: nothing moves the cursor, begins a line, is invisible, or turns the direction of what is read.</summary>
    private static string Readable(string text) => string.Concat(text.EnumerateRunes().Select(static rune => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned ? Rune.ReplacementChar : rune));

    /// <summary>The journal's entry with what the action names. Names only: reasons and parameters are the caller's text.</summary>
    public static TaskEntry Describe(TaskEntry entry, ActionAsk ask) => entry with
    {
        Action = Shown(ask.Action),
        Resource = Shown(ask.Location),
        Tool = Shown(ask.Tool),
        Audience = Shown(ask.Audience),
    };

    /// <summary>A caller's name for a log: bounded, and without anything that is not printable.</summary>
    public static string Shown(string name)
    {
        ReadOnlySpan<char> start = name.AsSpan(0, Math.Min(name.Length, MaxName));
        return start.IndexOfAnyInRange('\0', '\x1f') < 0 && !start.ContainsAny("\x7f\u0085\u2028\u2029") ? start.ToString() : string.Concat(start.ToString().Where(static c => !char.IsControl(c) && c is not ('\u2028' or '\u2029')));
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
