using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Residue.Native;
using Spiffe.Agent.Residue.Reports;

namespace Spiffe.Agent.Residue.Places;

/// <summary>The environments and arguments of processes that outlive the task. What the kernel shows is what a process was started with: what it set for itself later is in its memory, and what it hands on
/// is in its children's.</summary>
internal sealed unsafe class EnvironmentPlace(Search search, Census census)
{
    public void Look(ResidueSubject subject)
    {
        if (search.IsOver || search.Plan.Environments == Survivors.None) return;
        search.Enter(PlaceKind.Environment, "environments");
        ProcessTable table = census.After(subject.EndedAt);
        foreach (int pid in table.Select(subject, search.Plan.Environments))
        {
            using Node? directory = Node.TryOpen(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}"), out _);
            if (directory is null) continue; // Gone.
            string shown = string.Create(CultureInfo.InvariantCulture, $"process {pid} ({table.CommandOf(pid)})");
            Read(directory, "environ"u8, PlaceKind.Environment, shown);
            Read(directory, "cmdline"u8, PlaceKind.CommandLine, shown);
            if (search.IsOver) return;
        }
    }

    private void Read(Node directory, ReadOnlySpan<byte> name, PlaceKind place, string shown)
    {
        using Node? node = directory.TryOpenChild(name, out int error);
        using SafeFileHandle? file = node?.TryRead(out error);
        if (file is null)
        {
            if (error is not (Libc.NoEntry or Libc.NoProcess)) search.Gap(place, GapReason.NotReadable, shown, Errno.Text(error));
            return;
        }

        if (!search.Begin(shown)) return;
        while (true)
        {
            nint read;
            fixed (byte* into = search.Buffer) read = Libc.Read(file, into, (nuint)search.Buffer.Length);
            if (read > 0 && search.Feed(search.Buffer.AsSpan(0, (int)read))) continue;
            error = read < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (error == Libc.Interrupted) continue;
            if (error is not (0 or Libc.NoProcess)) search.Gap(place, GapReason.NotReadable, shown, Errno.Text(error));
            break;
        }

        search.Done(place, shown);
    }
}
