using System.Text;

namespace Spiffe.Agent.Tests.Unit.Cli;

/// <summary>Remembers what is written and lets a test wait for it.</summary>
internal sealed class WatchedWriter : TextWriter
{
    private readonly Lock _lock = new(); // guards _text and _changed
    private readonly StringBuilder _text = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override Encoding Encoding => Encoding.UTF8;

    public override string NewLine => "\n";

    public string Text
    {
        get
        {
            lock (_lock) return _text.ToString();
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (_lock)
        {
            _text.Append(value);
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    public override string ToString() => Text;

    /// <summary>Forgets what was written.</summary>
    public void Clear()
    {
        lock (_lock) _text.Clear();
    }

    /// <summary>Returns once what was written satisfies the test, at the latest after a minute with an exception.</summary>
    public async Task WaitUntilAsync(Func<string, bool> satisfied)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (satisfied(_text.ToString())) return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(patience.Token);
        }
    }
}
