namespace Spiffe.Agent.Issuance.Admission;

/// <summary>Decides which denials are worth a line in the log: for each user and reason the first in a minute, with the number that were kept quiet before it.</summary>
/// <remarks>Any local process may be denied as often as it likes; the log's size is not for it to decide. Counters count every denial.</remarks>
internal sealed class DenialNotes(TimeProvider time)
{
    /// <summary>How long a user's further denials for the same reason stay quiet. Ours.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    /// <summary>Users and reasons remembered; beyond it the oldest notes are dropped, which costs a line. Ours: some 100 KiB.</summary>
    public const int MaxNotes = 1024;

    private readonly Lock _gate = new(); // Guards _notes.
    private readonly Dictionary<(uint UserId, Refusal Refusal), Note> _notes = [];

    /// <summary>True when this denial should be written down; <paramref name="unwritten"/> is how many like it were not, since the last line.</summary>
    public bool IsWorthALine(uint userId, Refusal refusal, out long unwritten)
    {
        lock (_gate)
        {
            if (!_notes.TryGetValue((userId, refusal), out Note? note))
            {
                if (_notes.Count >= MaxNotes) _notes.Remove(_notes.MinBy(n => n.Value.WrittenAt).Key);
                _notes[(userId, refusal)] = new Note { WrittenAt = time.GetTimestamp() };
                unwritten = 0;
                return true;
            }

            unwritten = note.Unwritten;
            if (time.GetElapsedTime(note.WrittenAt) < Quiet)
            {
                note.Unwritten++;
                return false;
            }

            note.Unwritten = 0;
            note.WrittenAt = time.GetTimestamp();
            return true;
        }
    }

    private sealed class Note
    {
        public required long WrittenAt { get; set; }

        public long Unwritten { get; set; }
    }
}
