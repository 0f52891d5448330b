// Credentials of a role: what is asked, and what is made of every way in which the answer can go wrong.
#include "libs/aws/role_credentials.hpp"

#include "libs/aws/aws_time.hpp"
#include "libs/aws/credential_rig.hpp"
#include "libs/aws/credential_url.hpp"

namespace orderflow::aws {
namespace {

std::string header_of(const HttpAsk& ask, std::string_view name) {
    for (const auto& header : ask.headers) {
        if (header.name == name) return header.value;
    }
    return "";
}

class ContainerCredentialsTest : public CredentialRig {
  protected:
    ContainerCredentialsTest() { environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/creds?id=1"; }
    void answer(int status, std::string body) {
        servers.replies["GET http://169.254.170.2:80/v2/creds?id=1"] = {status, std::move(body)};
    }
    ContainerCredentials source{surroundings};
};

TEST_F(ContainerCredentialsTest, GivenARelativeUri_WhenFetched_ThenTheTaskEndpointIsAsked) {
    answer(200, document());
    EXPECT_EQ(fetched(source), "ASIA/HUSH/HUSH-T");
    EXPECT_EQ(last.expires_at, parse_iso8601("2026-01-01T06:00:00Z"));
    EXPECT_EQ(header_of(servers.asks[0], "Authorization"), "");
}

TEST_F(ContainerCredentialsTest, GivenAFullUriAndATokenFile_WhenFetched_ThenTheFileIsReadAnewEachTime) {
    environment.clear();
    environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
    environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/var/token";
    environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "not this";
    servers.replies["GET http://169.254.170.23:80/v1/credentials"] = {200, document()};
    files.texts["/var/token"] = "HUSH 1\n";
    EXPECT_EQ(fetched(source), "ASIA/HUSH/HUSH-T");
    files.texts["/var/token"] = "HUSH 2";
    EXPECT_EQ(fetched(source), "ASIA/HUSH/HUSH-T");
    EXPECT_EQ(header_of(servers.asks[0], "Authorization"), "HUSH 1");
    EXPECT_EQ(header_of(servers.asks[1], "Authorization"), "HUSH 2");
}

TEST_F(ContainerCredentialsTest, GivenATokenThatCannotBeSent_WhenFetched_ThenNothingIsSent) {
    environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "HUSH\r\nX-Header: 1";
    EXPECT_EQ(fetched(source), "credentials.malformed");
    environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/var/token";
    EXPECT_EQ(fetched(source), "credentials.unreadable") << "missing";
    files.texts["/var/token"] = " \n";
    EXPECT_EQ(fetched(source), "credentials.malformed");
    files.forbidden = "/var/token";
    EXPECT_EQ(fetched(source), "credentials.unreadable");
    EXPECT_TRUE(servers.asked.empty());
}

TEST_F(ContainerCredentialsTest, GivenAnUriElsewhere_WhenFetched_ThenNothingIsSentThere) {
    environment.clear();
    environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "HUSH";
    for (const std::string url : {"http://example.com/", "http://169.254.169.254/", "http://127.0.0.1.example.com/",
                                  "http://user:HUSH@127.0.0.1/", "ftp://127.0.0.1/", "127.0.0.1", "http://10.0.0.1/",
                                  "http://localhost.example.com/"}) {
        environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
        EXPECT_EQ(fetched(source), "credentials.malformed") << url;
    }
    environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "@example.com/";
    EXPECT_EQ(fetched(source), "credentials.malformed");
    EXPECT_TRUE(servers.asked.empty());
}

TEST_F(ContainerCredentialsTest, GivenHostsOfThisMachine_WhenAsked_ThenTheyMaySeeTheToken) {
    for (const auto* const url : {"http://127.0.0.1:8080/x", "http://127.1.2.3/", "http://localhost/", "http://[::1]/",
                                  "http://169.254.170.2/", "http://[fd00:ec2::23]/", "https://example.com/"}) {
        EXPECT_TRUE(may_see_container_token(parse_http_url(url).value())) << url;
    }
}

TEST_F(ContainerCredentialsTest, GivenNoVariable_WhenFetched_ThenNotConfigured) {
    environment.clear();
    EXPECT_EQ(fetched(source), "credentials.not_configured");
}

TEST_F(ContainerCredentialsTest, GivenTheEndpointDoesNotAnswer_WhenFetched_ThenUnavailableWithinItsTime) {
    EXPECT_EQ(fetched(source), "credentials.unavailable");
    EXPECT_EQ(detail, "container endpoint did not answer (http.connect)");
    servers.silent = "GET http://169.254.170.2:80/v2/creds?id=1";
    const auto before = loop.clock().now();
    EXPECT_EQ(fetched(source), "credentials.unavailable");
    EXPECT_EQ(loop.clock().now() - before, CredentialTimes::container);
}

TEST_F(ContainerCredentialsTest, GivenAnswersThatAreNoCredentials_WhenFetched_ThenAReasonWithoutTheirText) {
    answer(403, "HUSH");
    EXPECT_EQ(fetched(source), "credentials.refused");
    for (const int status : {301, 429, 500, 503, 204}) {
        answer(status, document());
        EXPECT_EQ(fetched(source), "credentials.unavailable") << status;
    }
    for (const std::string& body :
         {std::string(), std::string("HUSH"), std::string(R"({"AccessKeyId":"HUSH")"), std::string("[]"),
          std::string(R"({"AccessKeyId":1,"SecretAccessKey":"HUSH","Token":"T","Expiration":"2026-01-01T06:00:00Z"})"),
          std::string(R"({"AccessKeyId":"A","SecretAccessKey":"HUSH","Token":"T"})"), document("tomorrow"),
          std::string(R"({"AccessKeyId":"A","Token":"HUSH","Expiration":"2026-01-01T06:00:00Z"})"),
          std::string(100'000, ' ') + document()}) {
        answer(200, body);
        EXPECT_EQ(fetched(source), "credentials.unavailable") << body.substr(0, 100);
    }
    answer(200, document("2025-12-31T23:59:59Z"));
    EXPECT_EQ(fetched(source), "credentials.expired");
}

class InstanceCredentialsTest : public CredentialRig {
  protected:
    InstanceCredentialsTest() {
        servers.replies[token] = {200, "HUSH-TOKEN"};
        servers.replies[roles] = {200, "my-role\nsecond"};
        servers.replies[role] = {200, document()};
    }
    const std::string token = "PUT http://169.254.169.254:80/latest/api/token";
    const std::string roles = "GET http://169.254.169.254:80/latest/meta-data/iam/security-credentials/";
    const std::string role = roles + "my-role";
    InstanceCredentials source{surroundings};
};

TEST_F(InstanceCredentialsTest, GivenAnInstanceWithARole_WhenFetched_ThenTokenRoleAndDocumentAreAsked) {
    EXPECT_EQ(fetched(source), "ASIA/HUSH/HUSH-T");
    EXPECT_EQ(last.origin, "EC2 metadata, role my-role");
    EXPECT_EQ(servers.asked, (std::vector<std::string>{token, roles, role}));
    EXPECT_EQ(header_of(servers.asks[0], "X-aws-ec2-metadata-token-ttl-seconds"), "300");
    EXPECT_EQ(header_of(servers.asks[1], "X-aws-ec2-metadata-token"), "HUSH-TOKEN");
    EXPECT_EQ(header_of(servers.asks[2], "X-aws-ec2-metadata-token"), "HUSH-TOKEN");
}

TEST_F(InstanceCredentialsTest, GivenItIsDisabled_WhenFetched_ThenNobodyIsAsked) {
    environment["AWS_EC2_METADATA_DISABLED"] = "TRUE";
    EXPECT_EQ(fetched(source), "credentials.not_configured");
    EXPECT_TRUE(servers.asked.empty());
}

TEST_F(InstanceCredentialsTest, GivenAnotherEndpoint_WhenFetched_ThenThatIsAsked) {
    environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "IPv6";
    EXPECT_EQ(fetched(source), "credentials.unavailable");
    environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://localhost:1338/";
    EXPECT_EQ(fetched(source), "credentials.unavailable");
    EXPECT_EQ(servers.asked, (std::vector<std::string>{"PUT http://fd00:ec2::254:80/latest/api/token",
                                                       "PUT http://localhost:1338/latest/api/token"}));
    environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "localhost";
    EXPECT_EQ(fetched(source), "credentials.malformed");
}

TEST_F(InstanceCredentialsTest, GivenNoRoleOrNoService_WhenFetched_ThenNotConfigured) {
    servers.replies[roles] = {404, ""};
    EXPECT_EQ(fetched(source), "credentials.not_configured");
    servers.replies[token] = {403, ""};
    EXPECT_EQ(fetched(source), "credentials.not_configured");
}

TEST_F(InstanceCredentialsTest, GivenAStepFails_WhenFetched_ThenUnavailable) {
    for (const auto& step : {token, roles, role}) {
        const auto good = servers.replies[step];
        for (const auto& bad : {std::pair(500, std::string()), std::pair(200, std::string())}) {
            servers.replies[step] = bad;
            EXPECT_EQ(fetched(source), "credentials.unavailable") << step << bad.first;
        }
        servers.replies[step] = good;
        servers.silent = step;
        EXPECT_EQ(fetched(source), "credentials.unavailable") << step;
        servers.silent.clear();
    }
    servers.replies[roles] = {401, ""};
    EXPECT_EQ(fetched(source), "credentials.refused");
    servers.replies[roles] = {200, "../../user-data"};
    EXPECT_EQ(fetched(source), "credentials.unavailable");
    servers.replies[token] = {200, "HUSH\nX-Header: 1"};
    EXPECT_EQ(fetched(source), "credentials.unavailable");
}

class WebIdentityCredentialsTest : public CredentialRig {
  protected:
    WebIdentityCredentialsTest() {
        environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/var/token";
        environment["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/shop";
        environment["AWS_REGION"] = "eu-west-1";
        files.texts["/var/token"] = "HUSH.jwt\n";
        servers.replies[sts] = {200, answer()};
    }
    static std::string answer(const std::string& expiration = "2026-01-01T01:00:00Z") {
        return "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><AssumedRoleUser><Arn>a</Arn>"
               "</AssumedRoleUser><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>HUSH</SecretAccessKey>"
               "<SessionToken>HUSH-T==</SessionToken><Expiration>" +
               expiration + "</Expiration></Credentials></AssumeRoleWithWebIdentityResult>";
    }
    static std::string error(const std::string& code) {
        return "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>HUSH</Message></Error>";
    }
    const std::string sts = "POST https://sts.eu-west-1.amazonaws.com:0/";
    WebIdentityCredentials source{surroundings};
};

TEST_F(WebIdentityCredentialsTest, GivenATokenAndARole_WhenFetched_ThenStsOfTheRegionIsAsked) {
    environment["AWS_ROLE_SESSION_NAME"] = "worker 1";
    EXPECT_EQ(fetched(source), "ASIA/HUSH/HUSH-T==");
    EXPECT_EQ(last.expires_at, parse_iso8601("2026-01-01T01:00:00Z"));
    EXPECT_EQ(servers.asks[0].body,
              "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
              "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fshop"
              "&RoleSessionName=worker%201&WebIdentityToken=HUSH.jwt");
    EXPECT_EQ(header_of(servers.asks[0], "Content-Type"), "application/x-www-form-urlencoded; charset=utf-8");
}

TEST_F(WebIdentityCredentialsTest, GivenRegionsAndEndpoints_WhenFetched_ThenTheRightHostIsAsked) {
    environment.erase("AWS_REGION");
    EXPECT_EQ(fetched(source), "credentials.unavailable");
    environment["AWS_REGION"] = "cn-north-1";
    EXPECT_EQ(fetched(source), "credentials.unavailable");
    environment["AWS_ENDPOINT_URL_STS"] = "http://localhost:4566/sts";
    EXPECT_EQ(fetched(source), "credentials.unavailable");
    EXPECT_EQ(servers.asked, (std::vector<std::string>{"POST https://sts.amazonaws.com:0/",
                                                       "POST https://sts.cn-north-1.amazonaws.com.cn:0/",
                                                       "POST http://localhost:4566/sts"}));
    environment["AWS_ENDPOINT_URL_STS"] = "nowhere";
    EXPECT_EQ(fetched(source), "credentials.malformed");
    environment.erase("AWS_ENDPOINT_URL_STS");
    environment["AWS_REGION"] = "evil.example/";
    EXPECT_EQ(fetched(source), "credentials.malformed");
}

TEST_F(WebIdentityCredentialsTest, GivenSettingsThatAreNotWhole_WhenFetched_ThenItSaysWhich) {
    files.texts["/var/token"] = "\n";
    EXPECT_EQ(fetched(source), "credentials.malformed");
    files.texts.clear();
    EXPECT_EQ(fetched(source), "credentials.unreadable");
    environment.erase("AWS_ROLE_ARN");
    EXPECT_EQ(fetched(source), "credentials.incomplete");
    environment.erase("AWS_WEB_IDENTITY_TOKEN_FILE");
    EXPECT_EQ(fetched(source), "credentials.not_configured");
    EXPECT_TRUE(servers.asked.empty());
}

TEST_F(WebIdentityCredentialsTest, GivenStsSaysNo_WhenFetched_ThenItsCodeIsSaidAndWhatPassesIsToldApart) {
    servers.replies[sts] = {403, error("AccessDenied")};
    EXPECT_EQ(fetched(source), "credentials.refused");
    EXPECT_EQ(detail, "STS (web identity) answered 403 AccessDenied");
    servers.replies[sts] = {400, error("ExpiredTokenException")};
    EXPECT_EQ(fetched(source), "credentials.unavailable");
    servers.replies[sts] = {400, error("IDPCommunicationError")};
    EXPECT_EQ(fetched(source), "credentials.unavailable");
    servers.replies[sts] = {400, error("HUSH <b>")};
    EXPECT_EQ(fetched(source), "credentials.refused");
    servers.replies[sts] = {503, ""};
    EXPECT_EQ(fetched(source), "credentials.unavailable");
}

TEST_F(WebIdentityCredentialsTest, GivenAnswersThatAreNoCredentials_WhenFetched_ThenUnavailable) {
    for (const auto& body : {std::string(), std::string("{}"), answer("soon"), answer().substr(0, 220),
                             std::string("<Credentials><AccessKeyId>A</AccessKeyId>"),
                             std::string("<Credentials><AccessKeyId>A&amp;</AccessKeyId><SecretAccessKey>HUSH"
                                         "</SecretAccessKey><SessionToken>T</SessionToken><Expiration>"
                                         "2026-01-01T01:00:00Z</Expiration></Credentials>")}) {
        servers.replies[sts] = {200, body};
        EXPECT_EQ(fetched(source), "credentials.unavailable") << body;
    }
    servers.replies[sts] = {200, answer("2026-01-01T00:00:00Z")};
    EXPECT_EQ(fetched(source), "credentials.expired");
    servers.silent = sts;
    const auto before = loop.clock().now();
    EXPECT_EQ(fetched(source), "credentials.unavailable");
    EXPECT_EQ(loop.clock().now() - before, CredentialTimes::sts);
}

}  // namespace
}  // namespace orderflow::aws
