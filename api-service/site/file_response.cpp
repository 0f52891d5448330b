#include "api-service/site/file_response.hpp"

#include "api-service/entity_tag.hpp"
#include "libs/net/ascii.hpp"

namespace orderflow::api {
namespace {

// Below this the fields of the compressed answer weigh more than what is saved.
constexpr std::size_t packed_from_bytes = 512;

// "gzip;q=0" and the like: a weight of zero refuses. Anything that is no weight is taken for 1.
bool is_refused(std::string_view parameters) {
    const auto at = parameters.find("q=");
    if (at == parameters.npos) return false;
    const auto weight = net::trim_ows(parameters.substr(at + 2));
    return weight.starts_with('0') && weight.find_first_not_of("0.") == weight.npos;
}

}  // namespace

std::string_view media_type_of(std::string_view path) noexcept {
    if (path.ends_with(".html")) return "text/html; charset=utf-8";
    if (path.ends_with(".css")) return "text/css; charset=utf-8";
    if (path.ends_with(".js")) return "text/javascript; charset=utf-8";
    if (path.ends_with(".svg")) return "image/svg+xml";
    if (path.ends_with(".json")) return "application/json";
    return "application/octet-stream";
}

bool accepts_gzip(const net::Request& request) {
    bool any = false;
    for (const auto& field : request.fields) {
        if (!net::iequals(field.name, "Accept-Encoding")) continue;
        auto rest = field.value;
        while (!rest.empty()) {
            const auto end = std::min(rest.find(','), rest.size());
            const auto one = rest.substr(0, end);
            const auto name_end = std::min(one.find(';'), one.size());
            const auto name = net::trim_ows(one.substr(0, name_end));
            if (net::iequals(name, "gzip")) return !is_refused(one.substr(name_end));
            if (name == "*") any = !is_refused(one.substr(name_end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return any;
}

net::Response file_response(const net::Request& request, const EmbeddedFile& file) {
    const bool packed = accepts_gzip(request) && file.plain.size() >= packed_from_bytes;
    const auto tag = '"' + std::string(file.digest) + (packed ? "-gzip\"" : "\"");
    net::Response response;
    if (matches_none_of(request, tag)) {
        response.status = 304;
    } else {
        response = net::Response::of(200, std::string(media_type_of(file.path)),
                                     std::string(packed ? file.packed : file.plain));
        if (packed) response.field("Content-Encoding", "gzip");
    }
    response.field("ETag", tag).field("Vary", "Accept-Encoding");
    return response;
}

}  // namespace orderflow::api
