namespace Spiffe.Agent.Attestation.Attestors.Containerd;

/// <summary>What containerd knows of a container's first process: of containerd.v1.types <c>Process</c>, what is held against the kernel.</summary>
/// <param name="ProcessId">Its pid in the pid namespace of containerd; 0 when it has none.</param>
/// <param name="IsAlive">Whether it runs or is paused, and not only created or stopped.</param>
internal readonly record struct TaskRecord(int ProcessId, bool IsAlive)
{
    // containerd.v1.types.Status
    private const ulong Running = 2, Paused = 4, Pausing = 5;

    /// <summary>Reads a <c>GetResponse</c> of containerd.services.tasks.v1.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    internal static TaskRecord Parse(ReadOnlySpan<byte> response)
    {
        ulong pid = 0, status = 0;
        ProtobufReader answer = new(response);
        while (answer.Next())
        {
            if (answer.Field != 1) continue;
            ProtobufReader process = new(answer.Bytes);
            while (process.Next())
            {
                if (process.Field == 3) pid = process.Number;
                else if (process.Field == 4) status = process.Number;
            }
        }

        if (pid > int.MaxValue) throw new InvalidDataException($"containerd's answer names process {pid}");
        return new TaskRecord((int)pid, status is Running or Paused or Pausing);
    }
}
