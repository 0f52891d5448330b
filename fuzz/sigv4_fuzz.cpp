// Feeds bytes to the reader of signatures as the lines path, query, Authorization, X-Amz-Date, X-Amz-Security-Token,
// another header. What must hold for every input: it answers; what it reads keeps its limits and says what
// claimed_credential() says; nobody without the secret is verified; and what we sign ourselves is verified.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/aws/aws_time.hpp"
#include "libs/aws/sigv4_signer.hpp"
#include "libs/aws/sigv4_verifier.hpp"
#include "libs/base/invariant.hpp"

namespace {

using namespace orderflow::aws;

constexpr std::string_view payload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const Credentials key{.access_key_id = "AKIDEXAMPLE", .secret_access_key = "no fuzzer knows it"};
const auto now = parse_amz_date("20261126T120000Z").value();

void check_reading(const RequestView& request) {
    const auto read = read_signature(request);
    if (!read) return;
    ORDERFLOW_INVARIANT(read->signature.size() <= SignatureLimits::signature);
    ORDERFLOW_INVARIANT(read->security_token.size() <= SignatureLimits::security_token);
    ORDERFLOW_INVARIANT(read->signed_headers.size() <= SigV4Limits::signed_headers);
    ORDERFLOW_INVARIANT(std::ranges::is_sorted(read->signed_headers));
    ORDERFLOW_INVARIANT(std::ranges::binary_search(read->signed_headers, "host"));
    ORDERFLOW_INVARIANT(to_amz_date(read->signed_at) == read->amz_date);
    const auto& said = read->credential;
    ORDERFLOW_INVARIANT(parse_credential(said.access_key_id + "/" + said.scope.text()) == said);
    ORDERFLOW_INVARIANT(claimed_credential(request) == said);

    auto same_key = key;
    same_key.access_key_id = said.access_key_id;
    same_key.session_token = read->security_token;
    SignatureVerifier verifier(said.scope.service, {same_key});
    ORDERFLOW_INVARIANT(!verifier.verify(request, read->signed_at));
}

void check_signing(std::string_view path, std::string_view query, std::string_view value) {
    std::vector<HeaderView> headers = {{"Host", "h"}, {"X-Thing", value}};
    RequestView request{"GET", path, query, headers, payload};
    const auto added = Signer("us-east-1", "sqs").headers(request, key, now);
    if (!added) return;
    for (const auto& header : *added) headers.push_back({header.name, header.value});
    request.headers = headers;
    const auto verified = SignatureVerifier("sqs", {key}).verify(request, now);
    // The query may hold parts of a presigned one, which is refused beside a header.
    ORDERFLOW_INVARIANT(verified || verified.error().code() == "signature.incomplete");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    std::array<std::string_view, 6> lines;
    for (auto& line : lines) {
        line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    const auto& [path, query, authorization, date, token, other] = lines;
    std::vector<HeaderView> headers = {{"Host", "h"}};
    if (!authorization.empty()) headers.push_back({"Authorization", authorization});
    if (!date.empty()) headers.push_back({"X-Amz-Date", date});
    if (!token.empty()) headers.push_back({"X-Amz-Security-Token", token});
    if (!other.empty()) headers.push_back({other.substr(0, other.find(':')), other});
    check_reading({"GET", path, query, headers, payload});
    check_signing(path, query, other);
    return 0;
}
