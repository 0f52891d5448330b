// The token that botocore makes with the same credentials for the same moment.
#include "libs/aws/database_token.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "libs/aws/aws_time.hpp"

namespace orderflow::aws {
namespace {

constexpr auto botocore_script = R"(
import sys
try:
    from botocore.credentials import Credentials
    from botocore.signers import RequestSigner
    from botocore.hooks import HierarchicalEmitter
    from botocore.model import ServiceId
except ImportError:
    sys.exit(3)
emitter = HierarchicalEmitter()
for keys in (('AKIDEXAMPLE', 'SECRET'), ('ASIAEXAMPLE', 'SECRET', 'tok/en+=')):
    signer = RequestSigner(ServiceId('RDS'), 'eu-west-1', 'rds-db', 'v4', Credentials(*keys), emitter)
    ask = {'url_path': '/', 'query_string': '', 'headers': {}, 'body': {'Action': 'connect', 'DBUser': 'order worker'},
           'url': 'https://db.example.eu-west-1.rds.amazonaws.com:5432/', 'method': 'GET', 'context': {}}
    print(signer.generate_presigned_url(ask, operation_name='connect', expires_in=900)[len('https://'):])
)";

// Their order is of no meaning: a signature is made over the sorted ones.
std::vector<std::string> parameters_of(const std::string& token) {
    std::vector<std::string> parameters;
    for (auto from = token.find('?') + 1; from != 0;) {
        const auto to = token.find('&', from);
        auto parameter = token.substr(from, to - from);
        // Two spellings of a space.
        for (auto plus = parameter.find('+'); plus != std::string::npos; plus = parameter.find('+')) {
            parameter.replace(plus, 1, "%20");
        }
        parameters.push_back(std::move(parameter));
        from = to == std::string::npos ? 0 : to + 1;
    }
    std::ranges::sort(parameters);
    return parameters;
}

TEST(DatabaseToken, GivenTheSameMoment_ThenItIsTheTokenThatBotocoreMakes) {
    FILE* python = popen((std::string("python3 - <<'END'\n") + botocore_script + "END\n").c_str(), "r");
    ASSERT_NE(python, nullptr);
    std::vector<std::string> theirs;
    for (std::array<char, 4096> line{}; std::fgets(line.data(), line.size(), python) != nullptr;) {
        theirs.emplace_back(line.data());
        theirs.back().pop_back();
    }
    const auto status = pclose(python);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 3) GTEST_SKIP() << "python3 has no botocore (./dev setup test)";
    ASSERT_EQ(theirs.size(), 2U);
    const DatabaseLogin login{.host = "db.example.eu-west-1.rds.amazonaws.com",
                              .port = "5432",
                              .user = "order worker",
                              .region = "eu-west-1"};
    const std::array users{
        Credentials{.access_key_id = "AKIDEXAMPLE", .secret_access_key = "SECRET"},
        Credentials{.access_key_id = "ASIAEXAMPLE", .secret_access_key = "SECRET", .session_token = "tok/en+="}};
    for (std::size_t i = 0; i < users.size(); ++i) {
        constexpr std::string_view date = "X-Amz-Date=";
        const auto at = parse_amz_date(theirs[i].substr(theirs[i].find(date) + date.size(), 16));
        ASSERT_TRUE(at) << theirs[i];

        const auto ours = database_token(login, users[i], *at);

        ASSERT_TRUE(ours) << ours.error().detail();
        EXPECT_EQ(ours->substr(0, ours->find('?')), theirs[i].substr(0, theirs[i].find('?')));
        EXPECT_EQ(parameters_of(*ours), parameters_of(theirs[i]));
    }
}

}  // namespace
}  // namespace orderflow::aws
