#include "libs/aws/database_token.hpp"

#include <vector>

#include "libs/aws/sigv4_signer.hpp"
#include "libs/aws/uri_escape.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/crypto/hex.hpp"

namespace orderflow::aws {

Result<std::string> database_token(const DatabaseLogin& login, const Credentials& credentials, WallTime at) {
    const auto authority = login.host + ":" + login.port;
    const auto query = "Action=connect&DBUser=" + escaped(login.user);
    const auto no_body = crypto::to_hex(crypto::sha256(""));
    const std::vector<HeaderView> headers{{.name = "Host", .value = authority}};
    const RequestView request{
        .method = "GET", .path = "/", .query = query, .headers = headers, .payload_sha256 = no_body};
    auto signed_query = Signer(login.region, "rds-db").presigned_query(request, credentials, at, database_token_time);
    if (!signed_query) return signed_query;
    return authority + "/?" + *signed_query;
}

}  // namespace orderflow::aws
