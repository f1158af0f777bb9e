using System.Globalization;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Audit;

/// <summary>Says on a terminal how far it is, a few times a second, on one line that goes again.</summary>
internal sealed class VerifyProgress(Terminal terminal)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private long _last = terminal.Time.GetTimestamp();
    private bool _isShown;

    public void Show(long done, long of)
    {
        if (!terminal.IsStyled || terminal.Time.GetElapsedTime(_last) < Pause) return;
        _last = terminal.Time.GetTimestamp();
        _isShown = true;
        terminal.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{done:N0} of {of:N0} entries, {(of == 0 ? 100 : done * 100 / of)} %\e[K"));
    }

    public void Clear()
    {
        if (_isShown) terminal.Error.Write("\r\e[K");
    }
}
