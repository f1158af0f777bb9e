using System.Globalization;
using System.Text.Json;
using Spiffe.Agent.Configuration.Values;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary>One authorization detail of the file as JSON, and where each part of it stands.</summary>
internal sealed class GrantJson
{
    private readonly Section _detail;
    private readonly Utf8JsonWriter _json;
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Section> _sections = new(StringComparer.Ordinal);

    private GrantJson(Section detail, Utf8JsonWriter json) => (_detail, _json) = (detail, json);

    /// <summary>The detail.</summary>
    public ReadOnlyMemory<byte> Object { get; private set; }

    /// <summary>The detail as the only one of a grant.</summary>
    public byte[] Alone => [(byte)'[', .. Object.Span, (byte)']'];

    public static GrantJson Of(Section detail)
    {
        using MemoryStream stream = new();
        using Utf8JsonWriter json = new(stream);
        GrantJson grant = new(detail, json);
        grant.Write();
        json.Flush();
        grant.Object = stream.ToArray();
        return grant;
    }

    /// <summary>Says what is wrong with what stands at a path such as <c>.actions[1]</c>, or with the nearest written thing around it.</summary>
    public void Say(string path, string problem, string remedy)
    {
        for (string at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOfAny(['.', '[']))])
        {
            bool isWhole = at.Length == path.Length;
            string inner = isWhole ? problem : $"{problem} ({path.TrimStart('.')})";
            if (_values.TryGetValue(at, out Value? value))
            {
                value.Fault(inner, remedy);
                return;
            }

            if (_sections.TryGetValue(at, out Section? section))
            {
                section.Faults.Add(section.Place, section.Path, null, inner, remedy);
                return;
            }
        }

        // What is missing stands nowhere: the detail itself, and the key that it lacks.
        _detail.Faults.Add(_detail.Place, path.LastIndexOf('.') == 0 ? _detail.Path.Key(path[1..]) : _detail.Path, null, problem, remedy);
    }

    private void Write()
    {
        _json.WriteStartObject();
        Text("type");
        foreach (string key in (ReadOnlySpan<string>)["actions", "locations", "datatypes"]) Texts(key);
        Text("identifier");
        Texts("audiences");
        Text("sensitivity");
        if (_detail.Has("constraints")) Constraints(_detail.Child("constraints"));
        _json.WriteEndObject();
        _detail.RefuseUnknownKeys();
    }

    private void Text(string key)
    {
        if (_detail.Single(key) is not { } value || !IsWhole(value)) return;
        _values["." + key] = value;
        _json.WriteString(key, value.Text);
    }

    private void Texts(string key)
    {
        if (!_detail.Has(key)) return;
        _json.WriteStartArray(key);
        int at = 0;
        foreach (Value value in _detail.Texts(key))
        {
            if (!IsWhole(value)) continue;
            _values[string.Create(CultureInfo.InvariantCulture, $".{key}[{at++}]")] = value;
            _json.WriteStringValue(value.Text);
        }

        _json.WriteEndArray();
    }

    private void Constraints(Section section)
    {
        const string At = ".constraints";
        _sections[At] = section;
        _json.WriteStartObject("constraints");
        Number(section, "max_uses", At);
        Number(section, "order", At);
        Time(section, "not_after", At);
        Parameters(section, "ranges", At, (names, name, path) =>
        {
            Section range = names.Child(name);
            _sections[path] = range;
            _json.WriteStartObject(name);
            Number(range, "min", path);
            Number(range, "max", path);
            _json.WriteEndObject();
            range.RefuseUnknownKeys();
        });
        Parameters(section, "in", At, (names, name, path) =>
        {
            _json.WriteStartArray(name);
            int at = 0;
            foreach (Value value in names.Texts(name))
            {
                if (!IsWhole(value)) continue;
                _values[string.Create(CultureInfo.InvariantCulture, $"{path}[{at++}]")] = value;
                if (value.IsPlain && TryNumber(value.Text, out decimal number)) _json.WriteNumberValue(number);
                else _json.WriteStringValue(value.Text);
            }

            _json.WriteEndArray();
        });
        _json.WriteEndObject();
        section.RefuseUnknownKeys();
    }

    /// <summary>A mapping whose keys are names of parameters.</summary>
    private void Parameters(Section section, string key, string path, Action<Section, string, string> write)
    {
        if (!section.Has(key)) return;
        Section names = section.Child(key);
        _sections[$"{path}.{key}"] = names;
        _json.WriteStartObject(key);
        foreach (string name in names.Keys.Select(name => name.Text))
        {
            if (!WholeText.Is(name)) names.Faults.Add(names.Place, names.Path, null, "has a name that is not valid Unicode", "write it without escapes");
            else write(names, name, $"{path}.{key}.{name}");
        }

        _json.WriteEndObject();
    }

    private void Number(Section section, string key, string path)
    {
        if (section.Single(key) is not { } value) return;
        _values[$"{path}.{key}"] = value;
        if (TryNumber(value.Text, out decimal number)) _json.WriteNumber(key, number);
        else value.Fault("is not a number", "write digits, at most one point among them, and no exponent");
    }

    /// <summary>RFC 3339, in seconds since 1970 for the reader of grants.</summary>
    private void Time(Section section, string key, string path)
    {
        if (section.Single(key) is not { } value) return;
        _values[$"{path}.{key}"] = value;
        string[] forms = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz"];
        if (!DateTimeOffset.TryParseExact(value.Text, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            value.Fault("is not a time", "write it as in RFC 3339, such as 2027-01-31T18:00:00Z");
            return;
        }

        if (time <= section.Now) value.Warn("is over: nothing of this is granted any more", "write a later time, or remove the grant");
        _json.WriteNumber(key, time.ToUnixTimeSeconds());
    }

    private static bool TryNumber(string text, out decimal number)
    {
        const int LongestExact = 24; // More digits than the reader of grants takes; a decimal would round what is longer.
        number = 0;
        return text.Length <= LongestExact && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    private static bool IsWhole(Value value)
    {
        bool isWhole = WholeText.Is(value.Text);
        if (!isWhole) value.Fault("is not valid Unicode", "write it without escapes");
        return isWhole;
    }
}
