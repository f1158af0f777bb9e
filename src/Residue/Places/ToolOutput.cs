using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Residue.Places;

/// <summary>Runs one of the machine's programs and looks at what it writes. No shell, an empty environment, fixed arguments; killed when the search is over.</summary>
internal static class ToolOutput
{
    private const int MaxComplaint = 200;

    /// <summary>Null when it ran to its end and all that it wrote was looked at, or the search is over; else what went wrong, for people.</summary>
    /// <param name="search">Whose it is; a file was begun in it.</param>
    /// <param name="program">Absolute path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads; null: nothing.</param>
    /// <param name="read">Told of each read.</param>
    public static string? Read(Search search, string program, IReadOnlyList<string> arguments, SafeFileHandle? input, Action<int> read)
    {
        if (search.TimeLeft is var left && left <= TimeSpan.Zero) return null;
        ProcessStartInfo start = new(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment.Clear();
        start.Environment["LC_ALL"] = "C";
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"{Path.GetFileName(program)} cannot be started: {e.Message}";
        }

        string complaint = "";
        using (process)
        using (CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(search.Stopping))
        using (end.Token.Register(process.Kill))
        {
            end.CancelAfter(left);
            process.ErrorDataReceived += (_, line) =>
            {
                if (complaint.Length == 0 && line.Data is { Length: > 0 } text) complaint = text;
            };
            process.BeginErrorReadLine();
            Thread? feeder = Feed(process, input);
            Stream output = process.StandardOutput.BaseStream;
            for (int count; (count = output.Read(search.Buffer)) > 0;)
            {
                read(count);
                if (search.Feed(search.Buffer.AsSpan(0, count))) continue;
                process.Kill();
                break;
            }

            process.WaitForExit();
            feeder?.Join();
            if (!search.MayGoOn() || (end.IsCancellationRequested && !search.RunOut())) return null;
            if (process.ExitCode == 0) return null;
            string said = complaint.Length > MaxComplaint ? complaint[..MaxComplaint] : complaint;
            return $"{Path.GetFileName(program)} ended with {process.ExitCode}{(said.Length > 0 ? ": " : "")}{PathText.Of(System.Text.Encoding.UTF8.GetBytes(said))}";
        }
    }

    /// <summary>Gives it its input, beside: else it and we wait for each other.</summary>
    private static Thread? Feed(Process process, SafeFileHandle? input)
    {
        Stream pipe = process.StandardInput.BaseStream;
        if (input is null)
        {
            pipe.Dispose();
            return null;
        }

        Thread feeder = new(() =>
        {
            try
            {
                byte[] buffer = new byte[1 << 16];
                long at = 0;
                for (int count; (count = RandomAccess.Read(input, buffer, at)) > 0; at += count) pipe.Write(buffer, 0, count);
                pipe.Dispose();
            }
            catch (IOException)
            {
                return; // It wants no more, or the file cannot be read: its exit tells.
            }
        })
        { IsBackground = true, Name = "residue input" };
        feeder.Start();
        return feeder;
    }
}
