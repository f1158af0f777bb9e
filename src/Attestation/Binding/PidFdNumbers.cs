using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>What pid namespaces call a process, asked of its pidfd: the line <c>NSpid</c> of /proc/self/fdinfo, pidfd_open(2).</summary>
internal static class PidFdNumbers
{
    private const string Key = "NSpid:";

    /// <summary>Its numbers, from this process's pid namespace down to its own; empty when it has exited or the kernel does not tell.</summary>
    internal static int[] Of(SafeFileHandle pidFd)
    {
        bool added = false;
        try
        {
            pidFd.DangerousAddRef(ref added);
            foreach (string line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{pidFd.DangerousGetHandle()}")))
            {
                if (!line.StartsWith(Key, StringComparison.Ordinal)) continue;
                string[] numbers = line[Key.Length..].Split('\t', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                return Array.TrueForAll(numbers, n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out _)) ? [.. numbers.Select(n => int.Parse(n, CultureInfo.InvariantCulture))] : [];
            }

            return [];
        }
        catch (IOException)
        {
            return [];
        }
        finally
        {
            if (added) pidFd.DangerousRelease();
        }
    }
}
