using HighAvail.ServiceDefaults.Paging;

namespace HighAvail.Tests.ServiceDefaults.Paging;

public sealed class IdCursorTests
{
    [Fact]
    public void TryRead_WhatWasWritten_GivesTheId()
    {
        var id = Guid.CreateVersion7();

        Assert.True(IdCursor.TryRead(IdCursor.Write(id), out var read));
        Assert.Equal(id, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAB")]
    [InlineData(" AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA+/")]
    [InlineData("018f4f5e-0000-7000-8000-000000000000")]
    public void TryRead_AnythingElse_Refuses(string cursor) => Assert.False(IdCursor.TryRead(cursor, out _));
}
