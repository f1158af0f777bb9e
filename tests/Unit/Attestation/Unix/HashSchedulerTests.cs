using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Scheduling;

namespace Spiffe.Agent.Tests.Unit.Attestation.Unix;

/// <summary>Whose file is read next, counted in slices and not in time.</summary>
public sealed class HashSchedulerTests : IDisposable
{
    private const long Slice = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hash-");
    private readonly List<string> _hashed = [];

    [Fact]
    public async Task A_user_with_a_queue_of_huge_files_delays_another_users_first_hash_by_a_few_slices()
    {
        HashScheduler scheduler = New(1);
        List<HashJob> hostile = [];
        for (int i = 0; i < HashScheduler.MaxFilesPerUser; i++) hostile.Add(Ask(scheduler, Sparse($"huge{i}", 4L << 30), 1, i)!);

        HashJob victim = Ask(scheduler, Sparse("mine", 3 * Slice), 2, 4242)!;

        Assert.NotNull(await victim.Done.WaitAsync(Patience));
        Assert.InRange(victim.DoneAt - victim.AskedAt, 3, 2 * (3 + 1) + 2); // Three slices and the end, each after one of the other's.
        Assert.All(hostile, job => Assert.False(job.Done.IsCompleted));
        await ShrinkAsync(hostile);
    }

    [Fact]
    public async Task A_user_with_too_many_files_waiting_is_refused_and_others_are_not()
    {
        HashScheduler scheduler = New(1);
        List<HashJob> hostile = [];
        int refused = 0;
        for (int i = 0; i < 2 * HashScheduler.MaxFilesPerUser; i++)
        {
            if (Ask(scheduler, Sparse($"huge{i}", 4L << 30), 1, i) is { } job) hostile.Add(job);
            else refused++;
        }

        Assert.InRange(hostile.Count, HashScheduler.MaxFilesPerUser, HashScheduler.MaxFilesPerUser + 1); // One may be in work.
        Assert.Equal(2 * HashScheduler.MaxFilesPerUser, hostile.Count + refused);
        Assert.NotNull(await Ask(scheduler, Sparse("mine", Slice), 2, 1)!.Done.WaitAsync(Patience));
        await ShrinkAsync(hostile);
    }

    [Fact]
    public async Task Two_who_ask_for_one_file_share_a_reading_and_neither_waits_for_the_others_queue()
    {
        HashScheduler scheduler = New(1);
        List<HashJob> hostile = [Ask(scheduler, Sparse("huge", 4L << 30), 1, 1)!];
        string shared = Sparse("shared", 2 * Slice);
        for (int i = 0; i < 20; i++) hostile.Add(Ask(scheduler, Sparse($"other{i}", 4L << 30), 1, 10 + i)!);
        HashJob theirs = Ask(scheduler, shared, 1, 99)!;

        HashJob mine = Ask(scheduler, shared, 2, 2)!;

        Assert.Same(theirs, mine);
        Assert.NotNull(await mine.Done.WaitAsync(Patience));
        Assert.InRange(mine.DoneAt - mine.AskedAt, 2, 12);
        Assert.Single(_hashed);
        await ShrinkAsync(hostile);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Slice - 1)]
    [InlineData(Slice)]
    [InlineData(Slice + 1)]
    [InlineData(5 * Slice)]
    public async Task The_hash_is_that_of_the_whole_file_wherever_slices_end(long size)
    {
        string path = Path.Combine(_folder.FullName, "file");
        byte[] content = RandomNumberGenerator.GetBytes((int)size);
        await File.WriteAllBytesAsync(path, content);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), await Ask(New(2), path, 1, 1)!.Done.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_read_has_no_hash()
    {
        string path = Sparse("growing", 2 * Slice);
        SafeFileHandle handle = File.OpenHandle(path);
        ExecutableId before = ExecutableId.Of(handle)!.Value;
        await File.AppendAllTextAsync(path, "more");

        Assert.Null(await New(1).Ask(handle, before, new Beneficiary(1, 1))!.Done.WaitAsync(Patience));
        Assert.Empty(_hashed);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private HashScheduler New(int workers) => new(workers, Slice, (_, hash, _) => _hashed.Add(hash));

    private static HashJob? Ask(HashScheduler scheduler, string path, uint user, int process)
    {
        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return scheduler.Ask(handle, ExecutableId.Of(handle)!.Value, new Beneficiary(user, process));
    }

    private string Sparse(string name, long size)
    {
        string path = Path.Combine(_folder.FullName, name);
        using FileStream file = new(path, FileMode.Create);
        file.SetLength(size);
        return path;
    }

    /// <summary>Lets what is under way end soon.</summary>
    private async Task ShrinkAsync(List<HashJob> jobs)
    {
        foreach (string path in Directory.EnumerateFiles(_folder.FullName))
        {
            using FileStream file = new(path, FileMode.Open);
            file.SetLength(0);
        }

        await Task.WhenAll(jobs.Select(job => job.Done)).WaitAsync(Patience);
    }
}
