// format/known/aws_s3.hpp: the server access log of Amazon S3. Columns were added at the end over the years; newest first,
// or a pattern with fewer would take the rest as one.
//
// A requester is an account or the ARN of a user with the user's name. A key is the path of the request again, without the
// slash in front that a path has.
#pragma once

#include <anonlog/format/known/joined_text.hpp>
#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind aws_s3_names[] = {
    {"bucket_owner", kind::drop_word},
    {"bucket", kind::own_word},
    {"time", kind::time_clf},
    {"remote_ip", kind::peer},
    {"requester", kind::user_word},
    {"request_id", kind::drop_word},
    {"operation", kind::own_word},
    {"key", kind::drop_word},
    {"request_uri", kind::request},
    {"http_status", kind::status},
    {"error_code", kind::own_word},
    {"bytes_sent", kind::bytes},
    {"object_size", kind::bytes},
    {"total_time", kind::duration},
    {"turn_around_time", kind::duration},
    {"referrer", kind::referrer},
    {"user_agent", kind::agent},
    {"version_id", kind::drop_word},
    {"host_id", kind::drop_word},
    {"signature_version", kind::own_word},
    {"cipher_suite", kind::own_word},
    {"authentication_type", kind::own_word},
    {"host_header", kind::vhost_word},
    {"tls_version", kind::own_word},
    {"access_point_arn", kind::drop_word},
    {"acl_required", kind::own_word},
};

namespace aws_s3_parts {

inline constexpr std::string_view pattern =
    "$bucket_owner $bucket [$time] $remote_ip $requester $request_id $operation $key "
    R"("$request_uri" $http_status $error_code $bytes_sent $object_size $total_time $turn_around_time "$referrer" "$user_agent")";
inline constexpr std::string_view sample =
    "0123456789abcdef0123456789abcdef media [10/Oct/2025:13:55:36 +0000] 203.0.113.77 arn:aws:iam::123456789012:user/ada.lovelace "
    R"(3E57427F3EXAMPLE REST.GET.OBJECT users/4711/photo.jpg "GET /media/users/4711/photo.jpg?token=s3cret HTTP/1.1" 200 - 512 4096 12 9 )"
    R"("https://example.com/reset?u=ada" "curl/8.5.0")";
inline constexpr std::string_view version = " $version_id";
inline constexpr std::string_view version_sample = " -";
inline constexpr std::string_view host = " $host_id $signature_version $cipher_suite $authentication_type $host_header";
inline constexpr std::string_view host_sample = " c2VjcmV0c2VjcmV0= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader media.s3.eu-west-1.amazonaws.com";
inline constexpr std::string_view tls = " $tls_version";
inline constexpr std::string_view tls_sample = " TLSv1.2";
inline constexpr std::string_view access_point = " $access_point_arn";
inline constexpr std::string_view access_point_sample = " arn:aws:s3:eu-west-1:123456789012:accesspoint/ada";
inline constexpr std::string_view acl = " $acl_required";
inline constexpr std::string_view acl_sample = " Yes";

consteval log_format s3(std::string_view columns, std::string_view line) {
  return {.name = "aws_s3",
          .pattern = columns,
          .sample = line,
          .source = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html",
          .in_auto = auto_part::sure,
          .names = aws_s3_names};
}

}  // namespace aws_s3_parts

inline constexpr log_format aws_s3 = [] {
  using namespace aws_s3_parts;
  return s3(joined<pattern, version, host, tls, access_point, acl>,
            joined<sample, version_sample, host_sample, tls_sample, access_point_sample, acl_sample>);
}();
inline constexpr log_format aws_s3_with_access_point = [] {
  using namespace aws_s3_parts;
  return s3(joined<pattern, version, host, tls, access_point>,
            joined<sample, version_sample, host_sample, tls_sample, access_point_sample>);
}();
inline constexpr log_format aws_s3_with_tls = [] {
  using namespace aws_s3_parts;
  return s3(joined<pattern, version, host, tls>, joined<sample, version_sample, host_sample, tls_sample>);
}();
inline constexpr log_format aws_s3_with_host = [] {
  using namespace aws_s3_parts;
  return s3(joined<pattern, version, host>, joined<sample, version_sample, host_sample>);
}();
inline constexpr log_format aws_s3_with_version = [] {
  using namespace aws_s3_parts;
  return s3(joined<pattern, version>, joined<sample, version_sample>);
}();
inline constexpr log_format aws_s3_of_old = [] {
  using namespace aws_s3_parts;
  return s3(pattern, sample);
}();

}  // namespace anonlog::known
