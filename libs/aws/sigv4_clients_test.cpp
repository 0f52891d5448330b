// Signatures that others make: botocore, which the AWS CLI and boto3 sign with, and curl.
#include <gtest/gtest.h>
#include <poll.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "libs/aws/ascii_names.hpp"
#include "libs/aws/aws_time.hpp"
#include "libs/aws/sigv4_verifier.hpp"
#include "libs/crypto/hex.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow::aws {
namespace {

const Credentials user{.access_key_id = "AKIDEXAMPLE", .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
const Credentials role{.access_key_id = "ASIAEXAMPLE", .secret_access_key = "SECRET", .session_token = "tok/en+="};

// One line for each request: method, path, query, body in hexadecimal digits, headers; separated by tabs.
constexpr auto botocore_script = R"(
import sys
try:
    from botocore.auth import SigV4Auth, SigV4QueryAuth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
except ImportError:
    sys.exit(3)
from urllib.parse import urlsplit

user = Credentials('AKIDEXAMPLE', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY')
role = Credentials('ASIAEXAMPLE', 'SECRET', 'tok/en+=')

def show(signer, method, url, body='', headers={}):
    request = AWSRequest(method=method, url=url, data=body, headers=headers)
    signer.add_auth(request)
    parts = urlsplit(request.url)
    fields = [method, parts.path, parts.query, body.encode().hex(), 'Host: ' + parts.netloc]
    fields += [name + ': ' + value for name, value in request.headers.items()]
    print('\t'.join(fields))

json = {'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': 'AmazonSQS.SendMessage'}
form = {'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8'}
for who in (user, role):
    sign = SigV4Auth(who, 'sqs', 'eu-west-1')
    show(sign, 'POST', 'http://127.0.0.1:9324/', '{"MessageBody":"h\u00e4"}', json)
    show(sign, 'POST', 'https://sqs.eu-west-1.amazonaws.com', 'Action=ListQueues&Version=2012-11-05', form)
    show(sign, 'GET', 'http://q:9324/000000000000/orders?Action=SendMessage&MessageBody=a%20b%2Bc%26&A.1=%C3%A4&A=~')
    show(sign, 'GET', 'http://q/a/./b//c/../d%20e/?b=2&a=1&a=0&c=')
    show(sign, 'POST', 'http://q/', 'x', {'X-Thing': '  a   b  ', 'x-amzn-trace-id': 'Root=1'})
    presign = SigV4QueryAuth(who, 'sqs', 'eu-west-1', expires=60)
    show(presign, 'GET', 'http://127.0.0.1:9324/000000000000/orders?Action=SendMessage&MessageBody=a%20b%2B%2F~')
    show(presign, 'GET', 'http://q:9324/?Action=ListQueues')
)";

struct Received {
    std::string method;
    std::string path;
    std::string query;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;

    // "ok", or why it is refused, at the time that it says to be signed at.
    std::string verdict() const {
        std::vector<HeaderView> views;
        for (const auto& [name, value] : headers) views.push_back({name, value});
        const auto hash = crypto::to_hex(crypto::sha256(body));
        const RequestView view{method, path, query, views, hash};
        const auto read = read_signature(view);
        if (!read) return read.error().detail();
        const auto who = SignatureVerifier("sqs", {user, role}).verify(view, read->signed_at);
        if (!who) return who.error().detail();
        return who->scope.region == "eu-west-1" ? "ok" : who->scope.region;
    }
    void add_header(const std::string& line) {
        const auto colon = line.find(": ");
        if (colon != std::string::npos) headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
};

std::string text_of(std::string_view hex) {
    std::string text;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        text += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    }
    return text;
}

Received from_line(const std::string& line) {
    std::istringstream in(line);
    Received request;
    std::string field;
    std::getline(in, request.method, '\t');
    std::getline(in, request.path, '\t');
    std::getline(in, request.query, '\t');
    std::getline(in, field, '\t');
    request.body = text_of(field);
    while (std::getline(in, field, '\t')) request.add_header(field);
    return request;
}

struct Ran {
    int status = -1;
    std::string output;
};
Ran finish(FILE* process) {
    Ran ran;
    char buffer[4096];
    while (const auto n = std::fread(buffer, 1, sizeof(buffer), process)) ran.output.append(buffer, n);
    ran.status = ::pclose(process);
    return ran;
}

TEST(SigV4Clients, GivenRequestsThatBotocoreSigned_WhenVerified_ThenAllAreAccepted) {
    const TempDir folder;
    std::ofstream(folder / "sign.py") << botocore_script;

    const auto ran = finish(::popen(("python3 " + (folder / "sign.py")).c_str(), "r"));

    if (ran.status != 0 && ran.output.empty()) GTEST_SKIP() << "python3 has no botocore (./dev setup test)";
    std::istringstream lines(ran.output);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) EXPECT_EQ(from_line(line).verdict(), "ok") << line;
    EXPECT_EQ(count, 14U);
    EXPECT_EQ(ran.status, 0);
}

using boost::asio::ip::tcp;

// Takes one request from a connection within ten seconds, and answers it.
Received receive_one(tcp::acceptor& acceptor) {
    Received request;
    pollfd ready{acceptor.native_handle(), POLLIN, 0};
    if (::poll(&ready, 1, 10'000) != 1) return request;
    auto socket = acceptor.accept();
    std::string bytes;
    const auto head_size = boost::asio::read_until(socket, boost::asio::dynamic_buffer(bytes), "\r\n\r\n");
    std::istringstream head(bytes.substr(0, head_size));
    std::string target;
    head >> request.method >> target;
    request.path = target.substr(0, target.find('?'));
    if (target.contains('?')) request.query = target.substr(target.find('?') + 1);
    std::size_t length = 0;
    for (std::string line; std::getline(head, line);) {
        if (line.ends_with('\r')) line.pop_back();
        request.add_header(line);
        if (line.starts_with("Content-Length: ")) length = std::stoul(line.substr(16));
    }
    while (bytes.size() < head_size + length) {
        std::array<char, 4096> more{};
        const auto n = socket.read_some(boost::asio::buffer(more));
        bytes.append(more.data(), n);
    }
    request.body = bytes.substr(head_size, length);
    boost::asio::write(socket, boost::asio::buffer(std::string_view("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")));
    return request;
}

Received sent_by_curl(const std::string& arguments, const std::string& target) {
    boost::asio::io_context io;
    tcp::acceptor acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    auto* const curl =
        ::popen(("curl -sS --noproxy '*' --max-time 10 --aws-sigv4 aws:amz:eu-west-1:sqs --user '" +
                 user.access_key_id + ":" + user.secret_access_key + "' " + arguments +
                 " 'http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + target + "' 2>&1")
                    .c_str(),
                "r");
    auto request = receive_one(acceptor);
    finish(curl);
    return request;
}

TEST(SigV4Clients, GivenRequestsThatCurlSigned_WhenVerified_ThenAllAreAccepted) {
    const auto version = finish(::popen("curl --version 2>/dev/null", "r"));
    if (version.status != 0) GTEST_SKIP() << "there is no curl (./dev setup test)";

    const auto form = sent_by_curl("-d 'Action=ListQueues&Version=2012-11-05'", "/");
    const auto json = sent_by_curl(
        R"(-H 'Content-Type: application/x-amz-json-1.0' -H 'X-Amz-Target: AmazonSQS.X' --data-binary '{"a":"b c"}')",
        "/000000000000/orders");
    const auto query = sent_by_curl("", "/?Action=ListQueues&Version=2012-11-05");

    EXPECT_EQ(form.verdict(), "ok");
    EXPECT_EQ(json.verdict(), "ok");
    EXPECT_EQ(query.verdict(), "ok");
    EXPECT_EQ(json.body, R"({"a":"b c"})");
}

}  // namespace
}  // namespace orderflow::aws
