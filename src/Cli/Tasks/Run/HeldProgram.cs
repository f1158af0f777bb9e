using System.Globalization;
using System.Runtime.InteropServices;
using Spiffe.Agent.Cli.Tasks.Run.Native;

namespace Spiffe.Agent.Cli.Tasks.Run;

/// <summary>The child's side of <c>task run</c>: this executable once more, which waits until it may become the program that was asked for, and becomes it or ends.</summary>
/// <remarks>
/// A child can be held before its exec only by code that runs in it. A fork of a managed process may run none, and a shell would change the environment (it drops
/// variables whose names it does not like, and sets its own). So the child starts anew, touches nothing, and keeps what users gave: arguments, environment, descriptors,
/// terminal, process group. When the waiting parent dies, the pipe ends and so does the child: without a word of the parent the program never runs.
/// </remarks>
public static unsafe class HeldProgram
{
    /// <summary>Found no such program, as a shell says it.</summary>
    public const int NotFound = 127;

    /// <summary>Found it, but it cannot be run.</summary>
    public const int NotExecutable = 126;

    /// <summary>The parent ended or gave up before it let the program run.</summary>
    internal const int NeverReleased = 125;

    private const string Verb = "__held";
    private const byte Go = 1;

    /// <summary>Whether this process is such a child.</summary>
    public static bool IsAsked(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return args.Count > 2 && string.Equals(args[0], Verb, StringComparison.Ordinal);
    }

    /// <summary>Waits, then becomes the program. Returns only when it does not.</summary>
    /// <param name="args">What <see cref="Arguments"/> made.</param>
    /// <returns>How the process is to end.</returns>
    public static int Run(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        int pipe = int.Parse(args[1], NumberStyles.None, CultureInfo.InvariantCulture);
        if (!IsReleased(pipe)) return NeverReleased;
        _ = Libc.fcntl(pipe, Libc.SetDescriptorFlags, Libc.DescriptorCloseOnExec);

        // The runtime ignores SIGPIPE, and what is ignored stays so behind an exec; its handlers do not.
        _ = Libc.signal(Libc.BrokenPipe, 0);
        using TextBlock arguments = TextBlock.Of([.. args.Skip(2)]);
        _ = Libc.execvp(arguments.Pointers[0], arguments.Pointers);
        int error = Marshal.GetLastPInvokeError();
        new Fault(error == Libc.NoSuchFile ? NotFound : NotExecutable, "task run", args[2], Marshal.GetPInvokeErrorMessage(error)).Print(Console.Error);
        return error == Libc.NoSuchFile ? NotFound : NotExecutable;
    }

    /// <summary>The command line of the child, without the executable.</summary>
    /// <param name="pipe">Descriptor of the end that it reads.</param>
    /// <param name="program">The program and its arguments.</param>
    internal static IEnumerable<string> Arguments(int pipe, IEnumerable<string> program) => [Verb, pipe.ToString(CultureInfo.InvariantCulture), .. program];

    /// <summary>Lets the program run.</summary>
    internal static bool Release(int pipe)
    {
        byte go = Go;
        return Libc.write(pipe, &go, 1) == 1;
    }

    private static bool IsReleased(int pipe)
    {
        byte word = 0;
        nint length;
        do length = Libc.read(pipe, &word, 1);
        while (length < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted);
        return length == 1 && word == Go;
    }
}
