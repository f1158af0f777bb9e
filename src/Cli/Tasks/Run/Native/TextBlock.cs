using System.Runtime.InteropServices;

namespace Spiffe.Agent.Cli.Tasks.Run.Native;

/// <summary>Texts as C has them: an array of pointers that ends with null. Freed when disposed; the texts of others stay theirs.</summary>
internal sealed unsafe class TextBlock : IDisposable
{
    private readonly List<nint> _own = [];

    private TextBlock(int count)
    {
        Pointers = (byte**)NativeMemory.AllocZeroed((nuint)(count + 1), (nuint)sizeof(byte*));
    }

    public byte** Pointers { get; }

    /// <summary>UTF-8, each with a zero byte behind it.</summary>
    public static TextBlock Of(IReadOnlyList<string> texts)
    {
        TextBlock block = new(texts.Count);
        for (int i = 0; i < texts.Count; i++) block.Pointers[i] = block.Copy(texts[i]);
        return block;
    }

    /// <summary>This process's environment byte for byte, with one variable behind it where it has none of that name.</summary>
    public static TextBlock Environment(string name, string value)
    {
        byte** environ = *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");
        int count = 0;
        bool isSet = false;
        ReadOnlySpan<byte> prefix = System.Text.Encoding.ASCII.GetBytes(name + "=");
        for (; environ is not null && environ[count] is not null; count++)
        {
            ReadOnlySpan<byte> variable = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(environ[count]);
            isSet |= variable.StartsWith(prefix) && variable.Length > prefix.Length; // Empty counts as unset: Workload Endpoint §4.
        }

        TextBlock block = new(count + 1);
        int written = 0;
        for (int i = 0; i < count; i++)
        {
            bool isEmptyOne = !isSet && MemoryMarshal.CreateReadOnlySpanFromNullTerminated(environ[i]).StartsWith(prefix);
            if (!isEmptyOne) block.Pointers[written++] = environ[i];
        }

        if (!isSet) block.Pointers[written] = block.Copy($"{name}={value}");
        return block;
    }

    public void Dispose()
    {
        foreach (nint text in _own) Marshal.FreeCoTaskMem(text);
        _own.Clear();
        NativeMemory.Free(Pointers);
    }

    private byte* Copy(string text)
    {
        nint copy = Marshal.StringToCoTaskMemUTF8(text);
        _own.Add(copy);
        return (byte*)copy;
    }
}
