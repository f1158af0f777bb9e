using System.Text;

namespace Spiffe.Agent.Cli.Output;

/// <summary>Lays text out for people: a heading for each thing, its fields beneath, aligned. Without style there is not one escape code in it.</summary>
/// <remarks>Every text given to it is made safe (<see cref="SafeText"/>); nothing is wrapped or cut, so that whatever is shown can be copied.</remarks>
internal sealed class TextPage(bool isStyled)
{
    private const int LabelWidth = 14;
    private const string Bold = "\e[1m";
    private const string Dim = "\e[2m";
    private const string Plain = "\e[0m";

    private readonly StringBuilder _text = new();

    /// <summary>Begins a thing: a blank line before all but the first, the title in bold, a remark behind it.</summary>
    public TextPage Heading(string title, string remark = "")
    {
        if (_text.Length > 0) _text.Append('\n');
        Append(Bold, title);
        if (remark.Length > 0) Append(Dim, "  " + remark);
        return EndLine();
    }

    /// <summary>A field of the thing; an empty label continues the field above.</summary>
    public TextPage Field(string label, string value)
    {
        _text.Append("  ");
        Append(Dim, label);
        _text.Append(' ', Math.Max(1, LabelWidth - label.Length)).Append(SafeText.Of(value));
        return EndLine();
    }

    /// <summary>A line of its own, beneath a heading.</summary>
    public TextPage Line(string text)
    {
        _text.Append("  ").Append(SafeText.Of(text));
        return EndLine();
    }

    /// <summary>A line as it is, from the first column: a token, or a blank line.</summary>
    public TextPage Raw(string text = "")
    {
        _text.Append(SafeText.Of(text));
        return EndLine();
    }

    /// <summary>Columns as wide as their widest cell. The first row is the header.</summary>
    public TextPage Table(params IReadOnlyList<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<string[]> safe = [.. rows.Select(r => r.Select(SafeText.Of).ToArray())];
        int[] widths = [.. Enumerable.Range(0, safe.Max(r => r.Length)).Select(c => safe.Max(r => c < r.Length ? r[c].Length : 0))];
        for (int i = 0; i < safe.Count; i++)
        {
            string line = string.Join("  ", safe[i].Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd();
            _text.Append("  ");
            Append(i == 0 ? Dim : "", line);
            EndLine();
        }

        return this;
    }

    public override string ToString() => _text.ToString();

    private void Append(string style, string text)
    {
        bool styles = isStyled && style.Length > 0 && text.Length > 0;
        if (styles) _text.Append(style);
        _text.Append(SafeText.Of(text));
        if (styles) _text.Append(Plain);
    }

    private TextPage EndLine()
    {
        _text.Append('\n');
        return this;
    }
}
