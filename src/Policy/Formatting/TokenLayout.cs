using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Formatting;

/// <summary>
/// Lays tokens out: what fits a line stays in it; what does not is broken at its loosest separators, and brackets are opened up. The order and text of the
/// tokens never change.
/// </summary>
internal sealed class TokenLayout
{
    private const int IndentWidth = 2;

    private readonly List<FormatToken> _tokens;
    private readonly int _width;
    private readonly int[] _closings;
    private readonly FormatWriter _writer = new();

    /// <param name="tokens">Of a correct text, its end the last.</param>
    /// <param name="width">Columns of a line, as far as tokens allow.</param>
    public TokenLayout(List<FormatToken> tokens, int width)
    {
        _tokens = tokens;
        _width = width;
        _closings = new int[tokens.Count];
        Stack<int> open = new();
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Opens) open.Push(i);
            else if (tokens[i].Closes) _closings[open.Pop()] = i;
        }
    }

    /// <summary>The whole text: policies with an empty line between them.</summary>
    public override string ToString()
    {
        int at = 0;
        while (_tokens[at].Kind != TokenKind.End)
        {
            if (at > 0) _writer.BlankLine();
            at = WritePolicy(at);
        }

        if (at > 0 && _tokens[at].Leading.Count > 0) _writer.BlankLine();
        _writer.Write(_tokens[at]);
        return _writer.ToString();
    }

    /// <summary>Annotations, each in a line; effect and scope; conditions, each from a line of its own; the semicolon.</summary>
    private int WritePolicy(int at)
    {
        while (_tokens[at].Kind == TokenKind.At)
        {
            int end = at + 2;
            if (_tokens[end].Opens) end = _closings[end] + 1;
            while (at < end) _writer.Write(_tokens[at++]);
            _writer.Break();
        }

        _writer.Write(_tokens[at++]);
        at = WriteBracket(at, _closings[at]) + 1;
        while (_tokens[at].IsKeyword)
        {
            _writer.Break();
            _writer.Write(_tokens[at++]);
            at = WriteBracket(at, _closings[at]) + 1;
        }

        _writer.Write(_tokens[at]);
        return at + 1;
    }

    /// <summary>Writes a bracket, its content and its end: in the line where that fits, else opened up. Returns the place of its end.</summary>
    private int WriteBracket(int open, int close)
    {
        if (Fits(open, close + 1))
        {
            for (int i = open; i <= close; i++) _writer.Write(_tokens[i]);
            return close;
        }

        _writer.Write(_tokens[open]);
        if (close == open + 1 && _tokens[close].Leading.Count == 0)
        {
            _writer.Write(_tokens[close]);
            return close;
        }

        _writer.Break();
        _writer.Indent += IndentWidth;
        WriteSequence(open + 1, close);
        if (_tokens[close].Leading.Count > 0) _writer.Write(_tokens[close] with { Kind = TokenKind.End, Text = "", Trailing = null });
        _writer.Indent -= IndentWidth;
        _writer.Break();
        _writer.Write(_tokens[close] with { Leading = [] });
        return close;
    }

    /// <summary>Writes what stands inside a bracket, broken at its loosest separators where it does not fit.</summary>
    private void WriteSequence(int start, int end)
    {
        if (start >= end) return;
        int looseness = Fits(start, end) ? 0 : Loosest(start, end);
        for (int i = start; i < end; i++)
        {
            int separator = SeparatorOf(_tokens[i]);
            bool leads = separator is 3 or 2;
            if (looseness > 0 && separator == looseness && leads && i > start) _writer.Break();
            if (_tokens[i].Opens) i = WriteBracket(i, _closings[i]);
            else _writer.Write(_tokens[i]);
            if (looseness > 0 && separator == looseness && !leads) _writer.Break();
        }
    }

    /// <summary>The loosest separator outside of inner brackets; 0 where there is none.</summary>
    private int Loosest(int start, int end)
    {
        int loosest = 0;
        for (int i = start; i < end; i++)
        {
            loosest = Math.Max(loosest, SeparatorOf(_tokens[i]));
            if (_tokens[i].Opens) i = _closings[i];
        }

        return loosest;
    }

    /// <summary>How loosely a token holds its sides together, from 1 for and to 4 for a comma.</summary>
    private static int SeparatorOf(FormatToken token) => token.Kind switch
    {
        TokenKind.Comma => 4,
        TokenKind.Identifier when token is { IsKeyword: true, Text: "then" or "else" } => 3,
        TokenKind.OrOr => 2,
        TokenKind.AndAnd => 1,
        _ => 0,
    };

    /// <summary>Whether tokens fit the rest of the line; comments among them never do.</summary>
    private bool Fits(int start, int end)
    {
        int column = _writer.Column;
        for (int i = start; i < end; i++)
        {
            FormatToken token = _tokens[i];
            if ((token.Leading.Count > 0 && i > start) || (token.Trailing is not null && i < end - 1) || token.Text.Contains('\n', StringComparison.Ordinal)) return false;
            column += token.Text.Length + (i > start && Spacing.Between(_tokens[i - 1], token) ? 1 : 0);
            if (column > _width) return false;
        }

        return true;
    }
}
