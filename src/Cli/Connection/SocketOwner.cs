using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Spiffe.Agent.Cli.Connection;

/// <summary>Says whose a socket is that may not be opened.</summary>
internal static partial class SocketOwner
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint OwnerAndGroup = 0x18; // STATX_UID | STATX_GID
    private const int StatxLength = 256;
    private const int GroupOffset = 24; // stx_gid

    /// <summary>What helps a person who may not open <paramref name="path"/>: the group to join, or root.</summary>
    public static string Remedy(string path)
    {
        // What cannot even be looked at lies behind the directory that keeps us out.
        for (string? place = path; place is not null; place = Path.GetDirectoryName(place))
        {
            if (GroupOf(place) is not { } group) continue;
            return group == 0
                ? $"{place} belongs to root: run it as root"
                : $"{place} belongs to group {NameOf(group)}: run it as root, or join ('usermod -aG {NameOf(group)} {System.Environment.UserName}', then log in again)";
        }

        return "run it as root";
    }

    private static uint? GroupOf(string path)
    {
        Span<byte> status = stackalloc byte[StatxLength];
        if (statx(CurrentDirectory, path, 0, OwnerAndGroup, ref MemoryMarshal.GetReference(status)) != 0) return null;
        ReadOnlySpan<byte> group = status[GroupOffset..];
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(group) : BinaryPrimitives.ReadUInt32BigEndian(group);
    }

    // Local groups only: for all others the number does.
    private static string NameOf(uint group)
    {
        string number = group.ToString(CultureInfo.InvariantCulture);
        try
        {
            return File.ReadLines("/etc/group").Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 2 && fields[2] == number)?[0] ?? number;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return number;
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, ref byte status);
}
