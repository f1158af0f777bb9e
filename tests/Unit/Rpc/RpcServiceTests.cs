using System.Net.Sockets;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Health;
using Spiffe.Agent.Rpc.Server;

namespace Spiffe.Agent.Tests.Unit.Rpc;

public sealed class RpcServiceTests
{
    [Fact]
    public void Method_that_the_proto_file_does_not_declare_is_refused() =>
        Assert.Throws<ArgumentException>(() => Health().Unary<HealthCheckRequest, HealthCheckResponse>("Absent", HealthCheckRequest.Parser, Answer));

    [Fact]
    public void Method_of_another_kind_than_declared_is_refused() =>
        Assert.Throws<ArgumentException>(() => Health().Unary<HealthCheckRequest, HealthCheckResponse>("Watch", HealthCheckRequest.Parser, Answer));

    [Fact]
    public void Second_handler_for_a_method_is_refused() =>
        Assert.Throws<ArgumentException>(() => Health().Unary<HealthCheckRequest, HealthCheckResponse>("Check", HealthCheckRequest.Parser, Answer).Unary<HealthCheckRequest, HealthCheckResponse>("Check", HealthCheckRequest.Parser, Answer));

    [Fact]
    public void Service_that_the_proto_file_does_not_declare_is_refused() => Assert.Throws<ArgumentException>(() => RpcService.Create("absent", HealthReflection.Descriptor));

    [Fact]
    public void Service_listed_twice_at_an_endpoint_is_refused()
    {
        RpcService service = Health().Unary<HealthCheckRequest, HealthCheckResponse>("Check", HealthCheckRequest.Parser, Answer);
        Assert.Throws<ArgumentException>(() => new ServiceTable(new RpcEndpoint { Address = new UnixDomainSocketEndPoint("/x"), Services = [service, service] }));
    }

    [Fact]
    public void Budget_of_a_connection_is_bounded_by_that_of_the_server_and_given_back()
    {
        RequestBudget server = new(100, null);
        RequestBudget one = new(80, server), other = new(80, server);
        Assert.True(one.TryTake(80));
        Assert.False(one.TryTake(1));
        Assert.False(other.TryTake(21));
        Assert.True(other.TryTake(20));
        one.Return(80);
        Assert.True(other.TryTake(60));
    }

    [Fact]
    public void Encoded_message_writes_its_prefix_into_the_block_and_copies_nothing()
    {
        byte[] block = [9, 9, 9, 9, 9, 1, 2, 3];
        EncodedMessage message = EncodedMessage.FromBlock(block);
        Assert.Equal([0, 0, 0, 0, 3, 1, 2, 3], block);
        Assert.Equal(3, message.Length);
        Assert.Throws<ArgumentException>(() => EncodedMessage.FromBlock(new byte[4]));
    }

    [Fact]
    public async Task Exclusive_use_ends_only_after_the_user_has_left()
    {
        ExclusiveUse use = new();
        use.Enter();
        Assert.Throws<InvalidOperationException>(use.Enter);
        Assert.False(use.TryEnd(out Task left));
        Assert.False(left.IsCompleted);
        use.Leave();
        await left.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Throws<InvalidOperationException>(use.Enter);
    }

    private static RpcService Health() => RpcService.Create("grpc.health.v1.Health", HealthReflection.Descriptor);

    private static Task<HealthCheckResponse> Answer(HealthCheckRequest request, ServerCallContext context) => Task.FromResult(new HealthCheckResponse());
}
