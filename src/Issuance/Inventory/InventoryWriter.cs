using System.Globalization;
using System.Text;
using Spiffe.Agent.Identity.Json;

namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>Canonical JSON as the inventory needs it. What is empty is left out; members are named in ascending order by whoever writes.</summary>
internal sealed class InventoryWriter(int capacity)
{
    private const string Moments = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    private readonly CanonicalWriter _json = new(capacity);

    public ReadOnlyMemory<byte> Written => _json.WrittenMemory;

    public int Length => _json.Written.Length;

    public void Object(Action write)
    {
        _json.BeginObject();
        write();
        _json.EndObject();
    }

    public void Object(string name, Action write)
    {
        _json.Name(name);
        Object(write);
    }

    public void Array<T>(string name, IReadOnlyCollection<T> items, Action<T> write)
    {
        if (items.Count == 0) return;
        _json.Name(name);
        _json.BeginArray();
        foreach (T item in items) write(item);
        _json.EndArray();
    }

    public void Objects<T>(string name, IReadOnlyCollection<T> items, Action<T> write) => Array(name, items, item => Object(() => write(item)));

    public void Texts(string name, IReadOnlyCollection<string> texts) => Array(name, texts, text => _json.String(Whole(text)));

    public void Text(string name, string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        _json.Name(name);
        _json.String(Whole(text));
    }

    /// <summary>A member whose name is somebody's, too.</summary>
    public void Label(string name, string value)
    {
        _json.Name(Whole(name));
        _json.String(Whole(value));
    }

    public void Number(string name, long number)
    {
        _json.Name(name);
        _json.Number(number);
    }

    public void Flag(string name, bool holds)
    {
        if (!holds) return;
        _json.Name(name);
        _json.Boolean(true);
    }

    /// <summary>RFC 3339, UTC, seven digits behind the second.</summary>
    public void Moment(string name, DateTimeOffset? moment)
    {
        if (moment is { } at) Text(name, at.ToUniversalTime().ToString(Moments, CultureInfo.InvariantCulture));
    }

    /// <summary>A value that is canonical JSON already.</summary>
    public void Raw(string name, string canonical)
    {
        _json.Name(name);
        Raw(canonical);
    }

    public void Raw(string canonical) => _json.Raw(Encoding.UTF8.GetBytes(canonical));

    /// <summary>With U+FFFD for halves of surrogate pairs: one such text must not cost the inventory.</summary>
    private static string Whole(string text) => text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
}
