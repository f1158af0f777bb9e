using System.Globalization;

namespace Spiffe.Agent.Configuration.Yaml;

/// <summary>The way from the top of the file to a value; written out only when a fault needs it.</summary>
internal sealed class KeyPath
{
    private readonly KeyPath? _parent;
    private readonly string? _key;
    private readonly int _index;

    /// <summary>The file itself.</summary>
    public KeyPath()
    {
    }

    private KeyPath(KeyPath parent, string? key, int index) => (_parent, _key, _index) = (parent, key, index);

    public KeyPath Key(string name) => new(this, name, 0);

    public KeyPath Item(int index) => new(this, null, index);

    public override string ToString()
    {
        if (_parent is null) return "";
        string before = _parent.ToString();
        if (_key is null) return string.Create(CultureInfo.InvariantCulture, $"{before}[{_index}]");
        return before.Length == 0 ? _key : string.Concat(before, ".", _key);
    }
}
