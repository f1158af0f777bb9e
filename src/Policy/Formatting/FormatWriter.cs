using System.Text;

namespace Spiffe.Agent.Policy.Formatting;

/// <summary>Writes tokens into lines. A comment ends its line, whatever comes next, so it never swallows a token.</summary>
internal sealed class FormatWriter
{
    private readonly StringBuilder _text = new();
    private FormatToken? _last;
    private int _column;
    private bool _isLineOpen;
    private bool _mustBreak;

    /// <summary>Columns that the lines written next are moved in by.</summary>
    public int Indent { get; set; }

    /// <summary>Column at which the next token would begin, its space left out.</summary>
    public int Column => _mustBreak || !_isLineOpen ? Indent : _column;

    /// <summary>Goes to a new line before the next token.</summary>
    public void Break() => _mustBreak = true;

    /// <summary>Leaves an empty line before the next token, unless nothing is written yet.</summary>
    public void BlankLine()
    {
        EndLine();
        if (_text.Length > 0) _text.Append('\n');
    }

    public void Write(FormatToken token)
    {
        if (_mustBreak || token.Leading.Count > 0) EndLine();
        foreach (string? comment in token.Leading) WriteLine(comment);
        if (token.Text.Length > 0)
        {
            if (!_isLineOpen) StartLine();
            else if (Spacing.Between(_last!, token)) Append(" ");
            Append(token.Text);
        }

        if (token.Trailing is not null)
        {
            if (!_isLineOpen) StartLine();
            Append(" ");
            Append(token.Trailing);
        }

        _last = token;
        _mustBreak = token.Trailing is not null;
    }

    public override string ToString()
    {
        EndLine();
        return _text.ToString();
    }

    private void WriteLine(string? comment)
    {
        if (comment is not null)
        {
            StartLine();
            Append(comment);
        }

        _text.Append('\n');
        _isLineOpen = false;
    }

    private void StartLine()
    {
        _text.Append(' ', Indent);
        _column = Indent;
        _isLineOpen = true;
    }

    private void EndLine()
    {
        if (_isLineOpen) _text.Append('\n');
        _isLineOpen = false;
        _mustBreak = false;
    }

    private void Append(string text)
    {
        _text.Append(text);
        _column += text.Length;
    }
}
