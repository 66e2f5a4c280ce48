using HighAvail.Hosting.Resources.Postgres;

namespace HighAvail.Tests.Hosting.Resources.Postgres;

public class ScramSha256Tests
{
    [Fact]
    public void ClientProof_ExampleOfRfc7677_IsTheOneInTheRfc()
    {
        const string Nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        const string Message = $"n=user,r=rOprNGfwEbeRWgbNEkqO,r={Nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r={Nonce}";

        var keys = new ScramSha256("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

        Assert.Equal("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", keys.ClientProof(Message));
        Assert.Equal("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", keys.ServerSignature(Message));
    }

    [Fact]
    public void CreateVerifier_SamePasswordTwice_HasAnotherSalt() =>
        Assert.NotEqual(ScramSha256.CreateVerifier("pencil"), ScramSha256.CreateVerifier("pencil"));
}
