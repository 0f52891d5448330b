// Goal: what goes to an endpoint that wants SigV4 is signed as AWS would sign it. Method: a real export, whose
// signature is verified by queue-service's verifier and made a second time by botocore.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "libs/aws/sigv4_verifier.hpp"
#include "libs/base/system_clock.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/crypto/hex.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "libs/testing/temp_dir.hpp"
#include "programs/telemetry.hpp"
#include "tests/telemetry/otlp_receiver.hpp"

namespace orderflow::telemetry {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const aws::Credentials role{.access_key_id = "ASIAEXAMPLE", .secret_access_key = "SECRET", .session_token = "tok/en+="};

// Signs what stands in the file of the body for the time and the address that it is given, and prints the field.
constexpr auto botocore_script = R"(
import sys
try:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
except ImportError:
    sys.exit(3)
url, at, file = sys.argv[1:]
role = Credentials('ASIAEXAMPLE', 'SECRET', 'tok/en+=')
headers = {'Content-Type': 'application/json', 'X-Amz-Date': at, 'X-Amz-Security-Token': role.token}
request = AWSRequest(method='POST', url=url, data=open(file, 'rb').read(), headers=headers)
request.context['timestamp'] = at
auth = SigV4Auth(role, 'xray', 'eu-west-1')
to_sign = auth.string_to_sign(request, auth.canonical_request(request))
print(auth.signature(to_sign, request), end='')
)";

struct Lines final : observe::LogSink {
    void write(observe::LogLevel, std::string_view line) override { text += std::string(line) + "\n"; }
    std::string text;
};

class SignedExportTest : public ::testing::Test {
  protected:
    // Sends one span, and ends.
    void send_one(Environment environment) {
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.url();
        environment["ORDERFLOW_OTLP_AUTH"] = "sigv4";
        environment["AWS_REGION"] = "eu-west-1";
        environment["AWS_EC2_METADATA_DISABLED"] = "true";
        SettingsReader reader(environment);
        const auto settings = read_telemetry_settings(reader, environment, "worker-service");
        ASSERT_THAT(reader.errors(), IsEmpty());
        const auto telemetry = Telemetry::start({clock, entropy, log, metrics}, settings).value();
        (void)telemetry->tracer()->start(observe::SpanKind::server, "POST /v1/orders", nullptr);
        telemetry->stop(clock.now() + 10s);
    }
    void send_one_as_role() {
        send_one({{"AWS_ACCESS_KEY_ID", role.access_key_id},
                  {"AWS_SECRET_ACCESS_KEY", role.secret_access_key},
                  {"AWS_SESSION_TOKEN", role.session_token}});
    }
    // "ok", or why the last request that came is refused.
    std::string verdict(const std::string& body) {
        const auto fields = collector.fields();
        std::vector<aws::HeaderView> views;
        for (const auto& [name, value] : fields) views.push_back({name, value});
        const auto digest = crypto::to_hex(crypto::sha256(body));
        const aws::RequestView view{"POST", "/v1/traces", "", views, digest};
        const auto who = aws::SignatureVerifier("xray", {role}).verify(view, clock.wall());
        return who ? "ok in " + who->scope.region : who.error().detail();
    }

    SystemClock clock;
    crypto::SystemEntropy entropy;
    Lines lines;
    observe::Logger log{clock, lines};
    observe::Metrics metrics;
    OtlpReceiver collector{entropy};
};

TEST_F(SignedExportTest, GivenNoCredentials_ThenNothingIsSent_AndTheSpanIsCounted) {
    send_one({});

    EXPECT_THAT(collector.fields(), IsEmpty());
    EXPECT_THAT(metrics.render(), HasSubstr("orderflow_spans_dropped_total{reason=\"not_sent\"} 1"));
    EXPECT_THAT(lines.text, HasSubstr("credentials."));
}

TEST_F(SignedExportTest, GivenCredentials_ThenTheRequestIsSigned_AndOnlyAsItIs) {
    send_one_as_role();

    EXPECT_EQ(collector.spans().size(), 1U);
    EXPECT_EQ(verdict(collector.body()), "ok in eu-west-1");
    EXPECT_NE(verdict(collector.body() + " "), "ok in eu-west-1");
    EXPECT_THAT(lines.text, Not(HasSubstr(role.secret_access_key)));
}

TEST_F(SignedExportTest, GivenTheSameRequest_WhenBotocoreSignsIt_ThenTheSignatureIsTheSame) {
    send_one_as_role();
    const auto fields = collector.fields();
    const TempDir folder;
    std::ofstream(folder / "sign.py") << botocore_script;
    std::ofstream(folder / "body") << collector.body();

    const auto command = "python3 " + (folder / "sign.py") + " " + collector.url() + "/v1/traces " +
                         fields.at("x-amz-date") + " " + (folder / "body");
    auto* const process = ::popen(command.c_str(), "r");
    std::string signature(1000, '\0');
    signature.resize(std::fread(signature.data(), 1, signature.size(), process));
    const auto status = ::pclose(process);

    if (status != 0 && signature.empty()) GTEST_SKIP() << "python3 has no botocore (./dev setup test)";
    EXPECT_EQ(signature.size(), 64U);
    EXPECT_THAT(fields.at("authorization"), StartsWith("AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/"));
    EXPECT_THAT(fields.at("authorization"), HasSubstr("/eu-west-1/xray/aws4_request"));
    EXPECT_THAT(fields.at("authorization"), testing::EndsWith("Signature=" + signature));
}

}  // namespace
}  // namespace orderflow::telemetry
