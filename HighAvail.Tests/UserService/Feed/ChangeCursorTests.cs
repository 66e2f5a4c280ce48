using HighAvail.UserService.Feed;

namespace HighAvail.Tests.UserService.Feed;

public sealed class ChangeCursorTests
{
    [Fact]
    public void TryParse_WhatToStringWrote_IsTheSame()
    {
        var cursor = new ChangeCursor(Guid.NewGuid(), ulong.MaxValue - 1, long.MaxValue - 2);

        Assert.True(ChangeCursor.TryParse(cursor.ToString(), out var parsed));
        Assert.Equal(cursor, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    [InlineData(" AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void TryParse_AnythingElse_Refuses(string text) => Assert.False(ChangeCursor.TryParse(text, out _));
}
