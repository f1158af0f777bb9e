using Google.Protobuf;
using Spiffe.Agent.Endpoints.Tasks;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;
using TaskState = Spiffe.Agent.Tasks.Lifecycle.TaskState;

namespace Spiffe.Agent.Tests.Unit.Endpoints;

/// <summary>A task's credentials are framed by hand, so that keys are in one block alone: it must read as if protobuf had written it.</summary>
public sealed class CredentialEncoderTests
{
    private static readonly SpiffeId Id = TaskViews.Full.SpiffeId;

    [Fact]
    public void It_reads_as_protobuf_would_have_written_it()
    {
        using TaskCredentialSet held = Everything();

        byte[] block = CredentialEncoder.Encode(TaskViews.Full, held);
        TaskCredentials read = TaskCredentials.Parser.ParseFrom(block.AsSpan(EncodedMessage.PrefixLength));

        Assert.Equal(read.ToByteArray(), block[EncodedMessage.PrefixLength..]);
        Assert.Equal(TaskMessages.Handle(TaskViews.Full), read.Task);
        Assert.Equal(held.Bundle.X509Der.ToArray(), read.Bundle.ToByteArray());
        Assert.Equal(["x509", "wit", "jwt"], read.Credentials.Select(c => c.Kind));
        Assert.Equal(["0a1b", "wit-1", "jwt-1"], read.Credentials.Select(c => c.Id));
        Assert.Equal([[1, 2, 3], "a.b.c"u8.ToArray(), "d.e.f"u8.ToArray()], read.Credentials.Select(c => c.Content.ToByteArray()));
        Assert.Equal([[4, 5], [6, 7, 8], []], read.Credentials.Select(c => c.PrivateKey.ToByteArray()));
        Assert.Equal(["api", "db"], read.Credentials[2].Audiences);
        Assert.All(read.Credentials, c => Assert.Equal(TaskViews.Now, c.ExpiresAt.ToDateTimeOffset()));
    }

    [Fact]
    public void A_task_that_holds_nothing_is_told_of_all_the_same()
    {
        TaskCredentials read = TaskCredentials.Parser.ParseFrom(CredentialEncoder.Encode(TaskViews.Full, null).AsSpan(EncodedMessage.PrefixLength));
        Assert.Equal(Protocols.Tasks.TaskState.Suspended, read.Task.State);
        Assert.Empty(read.Credentials);
    }

    [Fact]
    public void For_a_key_that_the_worker_holds_there_is_no_key()
    {
        using TaskCredentialSet held = Empty();
        held.Take(new X509SvidCertificate(Id, new byte[] { 1 }, TaskViews.Now, TaskViews.Now, "0c"), TaskViews.Now);

        Credential only = Assert.Single(TaskCredentials.Parser.ParseFrom(CredentialEncoder.Encode(TaskViews.Full, held).AsSpan(EncodedMessage.PrefixLength)).Credentials);
        Assert.Equal(("0c", true), (only.Id, only.PrivateKey.IsEmpty));
    }

    [Fact]
    public void The_same_credentials_are_the_same_state_and_another_generation_is_not()
    {
        using TaskCredentialSet one = Everything(), same = Everything();
        same.Bundle = one.Bundle;
        CredentialState first = CredentialState.Of(TaskViews.Full, one);

        Assert.Equal(first, CredentialState.Of(TaskViews.Full, same));
        Assert.Equal(first, CredentialState.Of(TaskViews.Full with { LeaseUntil = TaskViews.Full.LeaseUntil.AddMilliseconds(3) }, same)); // A clock that trembles says nothing.
        Assert.NotEqual(first, CredentialState.Of(TaskViews.Full with { Generation = 3 }, one));
        Assert.NotEqual(first, CredentialState.Of(TaskViews.Full with { State = TaskState.Active }, one));
        Assert.NotEqual(first, CredentialState.Of(TaskViews.Full, null));
        using TaskCredentialSet renewed = Everything();
        renewed.Bundle = one.Bundle;
        renewed.Take(Jwt("jwt-2"), TaskViews.Now);
        Assert.NotEqual(first, CredentialState.Of(TaskViews.Full, renewed));
    }

    private static TaskCredentialSet Everything()
    {
        TaskCredentialSet held = Empty();
        held.Take(new Shared<X509Svid>(new X509Svid(new X509SvidCertificate(Id, new byte[] { 1, 2, 3 }, TaskViews.Now, TaskViews.Now, "0a1b"), SecretBytes.CopyOf([4, 5]))), TaskViews.Now);
        held.Take(new Shared<WitSvid>(new WitSvid
        {
            Id = Id,
            Token = "a.b.c",
            HolderKey = null!,
            PrivateKeyJwk = SecretBytes.CopyOf([6, 7, 8]),
            ExpiresAt = TaskViews.Now,
            TokenId = "wit-1",
            KeyId = "k",
            Claims = default,
        }), TaskViews.Now);
        held.Take(Jwt("jwt-1"), TaskViews.Now);
        return held;
    }

    private static JwtSvid Jwt(string id) => new() { Id = Id, Token = "d.e.f", Audience = ["api", "db"], ExpiresAt = TaskViews.Now, TokenId = id, KeyId = "k", Claims = default };

    private static TaskCredentialSet Empty() => new(static () => { }) { Bundle = new TrustBundle(TrustDomain.Parse("example.org"), [new byte[] { 9, 9 }], [], []) };
}
