using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Residue.Reports;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>A receipt in the form that is signed: canonical JSON (RFC 8785) on one line, behind the line in which the log says what kind of statement it is.</summary>
public static class ReceiptNote
{
    /// <summary>The kind of statement.</summary>
    public const string Kind = "offboarding";

    /// <summary>Numbers that are named of a kind; more are counted. Ours: the receipt fits into a body of the log.</summary>
    private const int MaxNamed = 100;

    /// <summary>The same of what a way does not refuse.</summary>
    private const int MaxAccepted = 20;

    /// <summary>Longest path in it, and longest name of a place, in bytes of JSON. Ours, likewise.</summary>
    private const int MaxPath = 256;
    private const int MaxPlace = 128;

    /// <summary>SHA-256 of the JSON, base64url.</summary>
    public static string DigestOf(byte[] receipt) => System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(receipt));

    /// <param name="receipt">What was done when it ended.</param>
    /// <param name="check">What was found out then.</param>
    /// <param name="id">Its SPIFFE ID.</param>
    /// <param name="template">Its template.</param>
    /// <param name="owner">Who answers for it.</param>
    internal static byte[] Write(OffboardingReceipt receipt, OffboardingCheck check, string id, string template, string owner)
    {
        CanonicalWriter json = new(4096);
        json.BeginObject();
        Each(json, "channels", check.Channels, Write);
        Text(json, "checked_at", Moment(check.CheckedAt ?? receipt.EndedAt));
        Text(json, "ended_at", Moment(receipt.EndedAt));
        Number(json, "not_printed", check.NotPrinted);
        Text(json, "outcome", NameOf(check.State));
        Text(json, "owner", owner);
        if (check.Residue is { } residue)
        {
            json.Name("residue");
            Write(json, residue);
        }

        Each(json, "revoked", receipt.Revoked.Take(MaxNamed), static (writer, credential) => writer.String(credential));
        Number(json, "revoked_in_all", receipt.Revoked.Length);
        Text(json, "spiffe_id", id);
        Text(json, "state", receipt.State.NameOf());
        Text(json, "task", receipt.Task.ToString());
        Text(json, "template", template);
        json.EndObject();
        return json.ToArray();
    }

    public static string NameOf(OffboardingState state) => state switch
    {
        OffboardingState.Running => "RUNNING",
        OffboardingState.Verified => "VERIFIED",
        OffboardingState.ResidueFound => "RESIDUE_FOUND",
        OffboardingState.Incomplete => "INCOMPLETE",
        _ => "STILL_ACCEPTED",
    };

    private static void Write(CanonicalWriter json, ChannelCheck check)
    {
        json.BeginObject();
        Each(json, "accepted", check.Accepted.Take(MaxAccepted), static (writer, id) => writer.String(id));
        Text(json, "channel", check.Channel);
        Number(json, "tested", check.Tested);
        json.EndObject();
    }

    private static void Write(CanonicalWriter json, ResidueReport report)
    {
        json.BeginObject();
        Number(json, "credentials", report.Credentials);
        Each(json, "findings", report.Findings, Write);
        Number(json, "findings_in_all", report.FindingsInAll);
        Each(json, "gaps", report.Gaps, Write);
        Number(json, "gaps_in_all", report.GapsInAll);
        Each(json, "places", report.Places, Write);
        json.EndObject();
    }

    private static void Write(CanonicalWriter json, ResidueFinding finding)
    {
        json.BeginObject();
        Text(json, "credential", finding.CredentialId);
        Text(json, "credential_kind", finding.CredentialKind);
        Text(json, "form", Name(finding.Form));
        Number(json, "offset", finding.Offset);
        Text(json, "path", Cut(finding.Path));
        Text(json, "place", Name(finding.Place));
        json.EndObject();
    }

    private static void Write(CanonicalWriter json, ResidueGap gap)
    {
        json.BeginObject();
        Text(json, "detail", Cut(gap.Detail, MaxPlace));
        Text(json, "path", Cut(gap.Path));
        Text(json, "place", Name(gap.Place));
        Text(json, "reason", Name(gap.Reason));
        json.EndObject();
    }

    private static void Write(CanonicalWriter json, ResiduePlace place)
    {
        json.BeginObject();
        Number(json, "bytes", place.Bytes);
        Number(json, "files", place.Files);
        Number(json, "passed", place.Passed);
        Text(json, "path", Cut(place.Path, MaxPlace));
        Text(json, "place", Name(place.Place));
        json.EndObject();
    }

    /// <summary>As the log and the wire spell it: <c>core_dump</c>.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => string.Concat(value.ToString().Select((c, i) => char.IsAsciiLetterUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));

    /// <summary>Long ones lose their middle, by whole characters.</summary>
    private static string Cut(string text, int max = MaxPath)
    {
        if (LengthOf(text) <= max) return text;
        Rune[] runes = [.. text.EnumerateRunes()];
        int side = (max / 2 / 4) - 1; // No character has more than four bytes.
        return string.Concat(string.Concat(runes.Take(side)), "…", string.Concat(runes.TakeLast(side)));
    }

    private static int LengthOf(string text) => Encoding.UTF8.GetByteCount(text) + text.AsSpan().Count('"') + text.AsSpan().Count('\\');

    private static string Moment(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static void Text(CanonicalWriter json, string name, string value)
    {
        json.Name(name);
        json.String(value);
    }

    private static void Number(CanonicalWriter json, string name, long value)
    {
        json.Name(name);
        json.Number(value);
    }

    private static void Each<T>(CanonicalWriter json, string name, IEnumerable<T> items, Action<CanonicalWriter, T> write)
    {
        json.Name(name);
        json.BeginArray();
        foreach (T item in items) write(json, item);
        json.EndArray();
    }
}
