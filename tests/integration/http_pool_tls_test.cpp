#include <gtest/gtest.h>

#include <fstream>

#include "libs/net/client_stream.hpp"
#include "libs/net/http_pool.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/integration/http_pool_rig.hpp"
#include "tests/integration/tls_test_server.hpp"

namespace orderflow::net {
namespace {

using Answer = Result<ClientAnswer>;

class HttpPoolTls : public ::testing::Test {
  protected:
    HttpPoolSettings trusting(const TlsTestServer& server) {
        const auto file = dir / "authority.pem";
        std::ofstream(file) << server.authority_pem();
        HttpPoolSettings settings;
        settings.ca_bundle = file;
        return settings;
    }
    Answer ask(HttpPool& pool, const std::string& host, std::uint16_t port) {
        const auto url = "https://" + host + ":" + std::to_string(port) + "/";
        return rig.run(pool.ask(request_of(url), rig.in(10s)));
    }
    void expect_refused(const TlsTestServer& server, const Answer& answer, std::string_view why) {
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code(), "http.connect");
        EXPECT_TRUE(answer.error().detail().contains(why)) << answer.error().detail();
        EXPECT_EQ(server.requests(), 0);
    }

    TempDir dir;
    LoopRig rig;
};

TEST_F(HttpPoolTls, GivenACertificateOfAnUnknownAuthority_WhenAsked_ThenNothingIsSent) {
    TlsTestServer server(rig.loop(), {.by_another_authority = true});
    const auto pool = rig.pool(trusting(server));
    expect_refused(server, ask(*pool, "localhost", server.port()), "certificate");
}

TEST_F(HttpPoolTls, GivenTheSystemsTrustStore_WhenTheAuthorityIsOfTheTest_ThenItIsNotTrusted) {
    TlsTestServer server(rig.loop());
    const auto pool = rig.pool();
    expect_refused(server, ask(*pool, "localhost", server.port()), "certificate");
}

TEST_F(HttpPoolTls, GivenACertificateForAnotherName_WhenAsked_ThenNothingIsSent) {
    TlsTestServer server(rig.loop(), {.certificate_for = "other.example"});
    const auto pool = rig.pool(trusting(server));
    expect_refused(server, ask(*pool, "localhost", server.port()), "TLS");
    expect_refused(server, ask(*pool, "127.0.0.1", server.port()), "TLS");
}

TEST_F(HttpPoolTls, GivenAnExpiredCertificate_WhenAsked_ThenNothingIsSent) {
    TlsTestServer server(rig.loop(), {.expired = true});
    const auto pool = rig.pool(trusting(server));
    expect_refused(server, ask(*pool, "localhost", server.port()), "expired");
}

TEST_F(HttpPoolTls, GivenAServerOfTls11_WhenAsked_ThenNothingIsSent) {
    TlsTestServer server(rig.loop(), {.old_protocol_only = true});
    const auto pool = rig.pool(trusting(server));
    expect_refused(server, ask(*pool, "localhost", server.port()), "TLS");
    EXPECT_EQ(server.handshakes(), 0);
}

TEST_F(HttpPoolTls, GivenAServerThatSpeaksPlainHttp_WhenAsked_ThenNothingWasSent) {
    ReactingServer plain(rig.loop(), [](const auto&) { return Reaction{"HTTP/1.1 200 OK\r\n\r\n"}; });
    const auto pool = rig.pool({.connect_time = 200ms});
    const auto answer = ask(*pool, "localhost", plain.port());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), "http.connect");
    EXPECT_TRUE(plain.requests().empty());
}

TEST_F(HttpPoolTls, GivenABundleThatIsNone_WhenMade_ThenThatIsSaidAtOnce) {
    for (const auto& file : {dir / "missing.pem", dir / "text.pem"}) {
        if (file.ends_with("text.pem")) std::ofstream(file) << "no certificate";
        const auto trust = TlsTrust::load(file);
        ASSERT_FALSE(trust);
        EXPECT_EQ(trust.error().code(), "tls.trust_unreadable");
    }
}

TEST_F(HttpPoolTls, GivenATrustedServer_WhenAskedTwice_ThenItsNameIsAskedForAndTheConnectionIsKept) {
    TlsTestServer server(rig.loop());
    const auto pool = rig.pool(trusting(server));
    for (int i = 0; i < 2; ++i) {
        const auto answer = ask(*pool, "localhost", server.port());
        ASSERT_TRUE(answer) << answer.error().detail();
        EXPECT_EQ(answer->body, "secret");
    }
    EXPECT_EQ(server.handshakes(), 1);
    EXPECT_EQ(server.requests(), 2);
    EXPECT_EQ(server.server_name(), "localhost");
    EXPECT_EQ(server.version(), "TLSv1.3");
}

TEST_F(HttpPoolTls, GivenAnAddressInTheCertificate_WhenAskedByIt_ThenItIsTrustedAndNoNameIsSent) {
    TlsTestServer server(rig.loop(), {.certificate_for = "127.0.0.1"});
    const auto pool = rig.pool(trusting(server));
    const auto answer = ask(*pool, "127.0.0.1", server.port());
    ASSERT_TRUE(answer) << answer.error().detail();
    EXPECT_EQ(server.server_name(), "");
}

TEST_F(HttpPoolTls, GivenAnAnswerThatIsCutOff_WhenTlsDoesNotEnd_ThenItIsBroken) {
    TlsTestServer server(rig.loop());
    const auto pool = rig.pool(trusting(server));
    server.cut_next_answer_after(40);
    const auto answer = ask(*pool, "localhost", server.port());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), "http.broken");
    EXPECT_EQ(ask(*pool, "localhost", server.port())->body, "secret");
}

TEST_F(HttpPoolTls, GivenAProxy_WhenAskedForHttps_ThenTlsGoesThroughItsTunnelToTheServerItself) {
    TlsTestServer server(rig.loop(), {.certificate_for = "shop.example"});
    TunnelProxy proxy(rig.loop(), server.port());
    auto settings = trusting(server);
    settings.proxies.for_https = Url::parse("http://u:p@127.0.0.1:" + std::to_string(proxy.port())).value();
    const auto pool = rig.pool(std::move(settings));
    for (int i = 0; i < 2; ++i) {
        const auto answer = ask(*pool, "shop.example", 8443);
        ASSERT_TRUE(answer) << answer.error().detail();
        EXPECT_EQ(answer->body, "secret");
    }
    EXPECT_EQ(proxy.requests(), std::vector<std::string>{"CONNECT shop.example:8443 HTTP/1.1\r\n"
                                                         "Host: shop.example:8443\r\n"
                                                         "Proxy-Authorization: Basic dTpw\r\n\r\n"});
    EXPECT_EQ(server.server_name(), "shop.example");
}

}  // namespace
}  // namespace orderflow::net
