using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Verification.Files;

namespace Spiffe.Agent.Audit.Verification.Heads;

/// <summary>Reads <c>checkpoints</c> from its beginning, a note at a time, whatever its length. Ends at the first that cannot be understood, and says so.</summary>
internal sealed class HeadFile : IDisposable
{
    public const string Path = "checkpoints";

    private readonly FindingList _findings;
    private readonly SafeFileHandle? _file;
    private byte[] _buffer = new byte[1 << 16];
    private long _offset;
    private int _start;
    private int _end;
    private long _last;
    private bool _isOver;

    public HeadFile(LogFiles files, FindingList findings)
    {
        _findings = findings;
        FileOutcome outcome = files.OpenFile(Path, out _file);
        if (outcome is not (FileOutcome.Done or FileOutcome.Missing)) findings.Add(outcome, FindingKind.HistoryMalformed, Path);
        _isOver = _file is null;
        Next();
    }

    /// <summary>The next head, by size; null at the end.</summary>
    public (SignedNote Note, Checkpoint Head)? Current { get; private set; }

    /// <summary>Goes on to the next one.</summary>
    public void Next()
    {
        Current = null;
        if (_isOver) return;
        if (!TryRead(out SignedNote? note, out Checkpoint? head, out string fault))
        {
            _isOver = true;
            if (fault.Length > 0) _findings.Add(FindingKind.HistoryMalformed, Path, null, $"behind the head of size {_last}: {fault}; the rest was not read");
            return;
        }

        _last = head.Size;
        Current = (note, head);
    }

    public void Dispose() => _file?.Dispose();

    // False without a fault: the end.
    private bool TryRead([NotNullWhen(true)] out SignedNote? note, [NotNullWhen(true)] out Checkpoint? head, out string fault)
    {
        (note, head) = (null, null);
        int length = Separate(out fault);
        if (length <= 0) return false;
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, length);
        _start += length + 1;
        if (!SignedNote.TryParse(bytes, out note, out fault) || !Checkpoint.TryParse(note.Text, out head, out fault)) return false;
        if (head.Size < _last) fault = "a smaller one follows";
        return fault.Length == 0;
    }

    /// <summary>The length of the note that begins here: its text, a blank line, its signatures; behind it, an empty line.</summary>
    private int Separate(out string fault)
    {
        fault = "";
        while (true)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_start, _end - _start);
            int text = rest.IndexOf("\n\n"u8);
            int signatures = text < 0 ? -1 : rest[(text + 2)..].IndexOf("\n\n"u8);
            if (signatures >= 0) return text + 2 + signatures + 1;
            bool isTooLong = rest.Length > SignedNote.MaxLength;
            if (!isTooLong && Fill()) continue;
            if (isTooLong) fault = "a note that is too long";
            else if (_end > _start) _findings.Add(FindingKind.HistoryTorn, Path, _last, "what is behind the head of this size was not written to its end, and does not count");
            return 0;
        }
    }

    private bool Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_end, _start) = (_end - _start, 0);
        if (_end == _buffer.Length) Array.Resize(ref _buffer, checked(_buffer.Length * 2));
        try
        {
            int read = RandomAccess.Read(_file!, _buffer.AsSpan(_end), _offset);
            _offset += read;
            _end += read;
            return read > 0;
        }
        catch (IOException)
        {
            _findings.Add(FileOutcome.Unreadable, FindingKind.HistoryMalformed, Path);
            return false;
        }
    }
}
