// TLS to PostgreSQL, and a server that has no session left: what a program is told.
// Method: a real server with a certificate of the test's own authority, reached over TCP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "libs/base/system_clock.hpp"
#include "libs/postgres/connection.hpp"
#include "libs/testing/postgres_node.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/integration/test_certificates.hpp"

namespace orderflow::postgres {
namespace {

using ::testing::HasSubstr;

constexpr const char* password = "of-the-test";
constexpr int sessions_max = 8;  // of them, three are kept for superusers
constexpr std::uint16_t port_first = 30'000;

// Outside of the ports that the kernel gives to clients; two runs at once have different ones.
std::uint16_t a_port() { return static_cast<std::uint16_t>(port_first + ::getpid() % 2000); }

class PostgresOverTls : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { server = std::make_unique<Server>(); }
    static void TearDownTestSuite() { server.reset(); }

    struct Server {
        Server() : authority(make_certificate("Test authority", nullptr)) {
            const auto stranger = make_certificate("Another authority", nullptr);
            const auto leaf = make_certificate("127.0.0.1", &authority);
            const auto certificate = node.write_file("server.crt", pem_of(leaf.certificate.get()));
            const auto key = node.write_file("server.key", pem_of(leaf.key.get()));
            std::ofstream(dir / "authority.pem") << pem_of(authority.certificate.get());
            std::ofstream(dir / "stranger.pem") << pem_of(stranger.certificate.get());
            node.make(password);
            node.allow("hostnossl all all all reject\n");
            node.start();
            node.sql("ALTER SYSTEM SET ssl_cert_file = '" + certificate + "'");
            node.sql("ALTER SYSTEM SET ssl_key_file = '" + key + "'");
            node.sql("ALTER SYSTEM SET ssl = on");
            node.sql("SELECT pg_reload_conf()");
            node.sql("CREATE ROLE shop LOGIN PASSWORD '" + std::string(password) + "'");
        }
        TempDir dir;
        TempDir home;
        TestCertificate authority;
        PostgresNode node{{.directory = home.path(),
                           .port = a_port(),
                           .settings = {"max_connections=" + std::to_string(sessions_max)}}};
    };

    // `rest`: of the URL.
    Result<Connection> connect(const std::string& rest, const std::string& host = "127.0.0.1") {
        ConnectOptions options;
        options.url = "postgresql://shop:" + std::string(password) + "@" + host + ":" +
                      std::to_string(server->node.port()) + "/postgres?" + rest;
        return Connection::open(options, clock);
    }
    std::string trusting(const std::string& file) const {
        return "sslmode=verify-full&sslrootcert=" + (server->dir / file);
    }

    SystemClock clock;
    static inline std::unique_ptr<Server> server;
};

TEST_F(PostgresOverTls, GivenItsAuthority_WhenTheCertificateIsVerifiedInFull_ThenTheSessionIsEncrypted) {
    auto connection = connect(trusting("authority.pem"));

    ASSERT_TRUE(connection) << connection.error().detail();
    const Statement is_encrypted{"is_encrypted", "SELECT ssl::int FROM pg_stat_ssl WHERE pid = pg_backend_pid()"};
    EXPECT_EQ(connection->run(is_encrypted).value().integer(0, 0), 1);
}

TEST_F(PostgresOverTls, GivenAnotherAuthority_ThenThereIsNoSessionAndTheErrorSaysWhy) {
    const auto connection = connect(trusting("stranger.pem"));

    ASSERT_FALSE(connection);
    EXPECT_EQ(connection.error().code(), "postgres.unreachable");
    EXPECT_THAT(connection.error().detail(), HasSubstr("certificate verify failed"));
}

TEST_F(PostgresOverTls, GivenANameThatTheCertificateIsNotFor_ThenThereIsNoSessionAndTheErrorSaysWhy) {
    const auto connection = connect(trusting("authority.pem"), "localhost");

    ASSERT_FALSE(connection);
    EXPECT_THAT(connection.error().detail(), HasSubstr("does not match host name \"localhost\""));
}

TEST_F(PostgresOverTls, GivenAServerThatWantsTls_WhenAskedWithout_ThenItRefuses) {
    const auto connection = connect("sslmode=disable");

    ASSERT_FALSE(connection);
    EXPECT_EQ(connection.error().code(), "postgres.login");
    EXPECT_THAT(connection.error().detail(), HasSubstr("no encryption"));
}

TEST_F(PostgresOverTls, GivenAServerWithoutASessionLeft_ThenTheErrorSaysSoAndTheNextAttemptMaySucceed) {
    std::vector<Connection> open;
    auto next = connect(trusting("authority.pem"));
    for (; next && open.size() < sessions_max; next = connect(trusting("authority.pem"))) {
        open.push_back(*std::move(next));
    }

    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code(), "postgres.no_resources") << next.error().detail();
    EXPECT_EQ(next.error().kind(), ErrorKind::unavailable) << "it is waited for";
    open.pop_back();
    const auto until = clock.now() + std::chrono::seconds(10);
    for (next = connect(trusting("authority.pem")); !next && clock.now() < until;) {
        next = connect(trusting("authority.pem"));
    }
    EXPECT_TRUE(next) << next.error().detail();
}

}  // namespace
}  // namespace orderflow::postgres
