using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Replay;

namespace Spiffe.Agent.Tests.Fuzz.Replay;

/// <summary>Whoever holds the log's key: changes entries, and makes the chain and every commitment right again.</summary>
internal sealed class Forger(RecordedLog log)
{
    private readonly List<RecordEntry> _entries = [.. log.Entries];

    public int Count => _entries.Count;

    public RecordEntry this[int at] => _entries[at];

    /// <summary>Where an entry of that type is: the first, or one further on.</summary>
    public int Find(string type, int skip = 0, Func<RecordEntry, bool>? which = null)
    {
        int at = -1;
        for (int i = 0; i <= skip; i++) at = _entries.FindIndex(at + 1, entry => string.Equals(entry.Type, type, StringComparison.Ordinal) && which?.Invoke(entry) != false);
        return at >= 0 ? at : throw new InvalidOperationException($"there is no {type} {skip}");
    }

    /// <summary>Where the last entry of that type is.</summary>
    public int FindLast(string type) => _entries.FindLastIndex(entry => string.Equals(entry.Type, type, StringComparison.Ordinal));

    public static string Text(RecordEntry entry, string name) => entry.Data.TryGetProperty(name, out JsonElement text) ? text.GetString()! : "";

    public void Change(int at, Action<JsonObject> change)
    {
        JsonObject data = JsonSerializer.Deserialize<JsonObject>(_entries[at].Data)!;
        change(data);
        _entries[at] = _entries[at] with { Data = ElementOf(data) };
    }

    public void ChangeAll(Func<RecordEntry, bool> which, Action<JsonObject> change)
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            if (which(_entries[i])) Change(i, change);
        }
    }

    public void Retype(int at, string type) => _entries[at] = _entries[at] with { Type = type };

    public void Retime(int at, DateTimeOffset time) => _entries[at] = _entries[at] with { At = time };

    public void Remove(int at, int count = 1) => _entries.RemoveRange(at, count);

    /// <summary>A copy of an entry, before another one, at that one's time.</summary>
    public void Copy(int from, int to, Action<JsonObject>? change = null)
    {
        _entries.Insert(to, _entries[from] with { At = _entries[to].At });
        if (change is not null) Change(to, change);
    }

    public void Insert(int at, string type, JsonObject data) => _entries.Insert(at, new RecordEntry(0, default, type, _entries[at].At, ElementOf(data)));

    /// <summary>Puts another question behind an entry, and its digest into it.</summary>
    public void Ask(int at, Action<JsonObject> change)
    {
        string text = log.BodyOf(_entries[at])!;
        JsonObject question = JsonSerializer.Deserialize<JsonObject>(text)!;
        change(question);
        string other = ElementOf(question).GetRawText();
        Change(at, data =>
        {
            data[RecordNames.Body] = log.Commit(other);
            data[RecordNames.InputDigest] = CanonicalJson.Digest(Encoding.UTF8.GetBytes(other));
        });
    }

    /// <summary>Numbered and chained anew, and read again.</summary>
    public ReplaySummary Replay(bool withBodies = true)
    {
        List<RecordEntry> chained = [];
        TreeHash last = RecordEntry.None;
        foreach (RecordEntry entry in _entries)
        {
            JsonObject envelope = new()
            {
                ["at"] = entry.At.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture),
                ["data"] = JsonSerializer.Deserialize<JsonObject>(entry.Data),
                ["prev"] = Base64UrlOf(last),
                ["seq"] = chained.Count,
                ["type"] = entry.Type,
            };
            byte[] bytes = Encoding.UTF8.GetBytes(ElementOf(envelope).GetRawText());
            Assert.True(RecordEntry.TryRead(bytes, out RecordEntry? read, out string fault), fault);
            chained.Add(read);
            last = RecordEntry.HashOf(bytes);
        }

        return log.Replay(chained, withBodies);
    }

    private static string Base64UrlOf(TreeHash hash)
    {
        byte[] bytes = new byte[TreeHash.Length];
        hash.CopyTo(bytes);
        return System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }

    private static JsonElement ElementOf(JsonObject value)
    {
        using JsonDocument document = JsonDocument.Parse(value.ToJsonString());
        using JsonDocument canonical = JsonDocument.Parse(CanonicalJson.Of(document.RootElement));
        return canonical.RootElement.Clone();
    }
}
