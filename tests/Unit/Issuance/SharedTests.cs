using Spiffe.Agent.Issuance;

namespace Spiffe.Agent.Tests.Unit.Issuance;

public sealed class SharedTests
{
    [Fact]
    public void The_last_holder_disposes_and_nobody_can_hold_afterwards()
    {
        Secret secret = new();
        Shared<Secret> shared = new(secret);
        Assert.True(shared.TryHold());
        shared.Release();
        Assert.False(secret.Gone);
        shared.Release();
        Assert.True(secret.Gone);
        Assert.False(shared.TryHold());
    }

    [Fact]
    public void Letting_go_too_often_is_a_bug_that_shows()
    {
        Shared<Secret> shared = new(new Secret());
        shared.Release();
        Assert.Throws<InvalidOperationException>(shared.Release);
    }

    [Fact]
    public async Task Holders_on_many_threads_never_see_a_disposed_secret()
    {
        for (int round = 0; round < 200; round++)
        {
            Secret secret = new();
            Shared<Secret> shared = new(secret);
            Task[] holders = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                while (shared.TryHold())
                {
                    Assert.False(secret.Gone);
                    shared.Release();
                }
            }))];
            shared.Release();
            await Task.WhenAll(holders);
            Assert.True(secret.Gone);
        }
    }

    private sealed class Secret : IDisposable
    {
        public volatile bool Gone;

        public void Dispose() => Gone = true;
    }
}
