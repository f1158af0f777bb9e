using System.Globalization;
using System.Text;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary>
/// Resolves the escapes of string literals, which are those of Rust: <c>\" \' \\ \n \r \t \0 \x41 \u{1F600}</c>. In a pattern <c>\*</c> is a star and a bare
/// star a wildcard. Cedar docs, "Policy grammar": STR, PAT.
/// </summary>
internal sealed class StringUnescape
{
    private readonly string _source;
    private readonly ErrorList _errors;
    private readonly int _end;
    private readonly StringBuilder _text = new();
    private int _at;

    private StringUnescape(string source, SourceSpan literal, ErrorList errors)
    {
        _source = source;
        _errors = errors;
        _at = literal.Start + 1;
        _end = literal.End - 1;
    }

    /// <summary>The text of a string token, or null with errors reported.</summary>
    public static string? Text(string source, SourceSpan literal, ErrorList errors)
    {
        ReadOnlySpan<char> inside = source.AsSpan(literal.Start + 1, literal.Length - 2);
        if (inside.IndexOfAny('\\', '\r') < 0) return inside.ToString();
        return new StringUnescape(source, literal, errors).Resolve(null);
    }

    /// <summary>The pattern of a string token, or null with errors reported.</summary>
    public static LikePattern? Pattern(string source, SourceSpan literal, ErrorList errors)
    {
        List<string> parts = [];
        string? last = new StringUnescape(source, literal, errors).Resolve(parts);
        return last is null ? null : new LikePattern([.. parts, last]);
    }

    private string? Resolve(List<string>? parts)
    {
        int before = _errors.Count;
        while (_at < _end && !_errors.IsFull) // A wrong escape may be looked for to the end of the text, so not for ever.
        {
            char c = _source[_at++];
            if (c == '\\')
            {
                Escape(parts is not null);
            }
            else if (c == '*' && parts is not null)
            {
                parts.Add(_text.ToString());
                _text.Clear();
            }
            else if (c == '\r')
            {
                Refuse("a bare carriage return in a string is written \\r", _at - 1);
            }
            else
            {
                _text.Append(c);
            }
        }

        return _errors.Count == before ? _text.ToString() : null;
    }

    private void Escape(bool inPattern)
    {
        int start = _at - 1;
        char c = _source[_at++];
        char? plain = c switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '0' => '\0',
            '"' or '\'' or '\\' => c,
            '*' when inPattern => c,
            _ => null,
        };
        if (plain is { } resolved) _text.Append(resolved);
        else if (c == 'x') HexEscape(start);
        else if (c == 'u') UnicodeEscape(start);
        else Refuse("there is no such escape", start);
    }

    /// <summary>Two digits, up to 7F.</summary>
    private void HexEscape(int start)
    {
        if (_end - _at >= 2 && char.IsAsciiHexDigit(_source[_at]) && char.IsAsciiHexDigit(_source[_at + 1]))
        {
            int value = int.Parse(_source.AsSpan(_at, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            _at += 2;
            if (value <= 0x7F) _text.Append((char)value);
            else Refuse("\\x reaches to 7F only; write \\u{…}", start);
        }
        else
        {
            Refuse("\\x needs two hexadecimal digits", start);
        }
    }

    /// <summary>One to six digits in braces, underscores between them allowed.</summary>
    private void UnicodeEscape(int start)
    {
        int close = _at < _end && _source[_at] == '{' ? _source.IndexOf('}', _at, _end - _at) : -1;
        if (close < 0)
        {
            Refuse("\\u needs digits in braces, such as \\u{e9}", start);
            return;
        }

        ReadOnlySpan<char> inside = _source.AsSpan(_at + 1, close - _at - 1);
        _at = close + 1;
        int value = 0, digits = 0;
        foreach (char c in inside)
        {
            if (c == '_' && digits > 0) continue;
            if (!char.IsAsciiHexDigit(c) || ++digits > 6)
            {
                digits = 0;
                break;
            }

            value = (value << 4) + Convert.ToInt32(c.ToString(), 16);
        }

        if (digits > 0 && Rune.IsValid(value)) _text.Append(new Rune(value).ToString());
        else Refuse("\\u needs one to six hexadecimal digits that name a Unicode character", start);
    }

    private void Refuse(string message, int start) => _errors.Add(message, new SourceSpan(start, Math.Max(1, _at - start)));
}
