"""Answers of met-ocean services made by hand after their documentation; none of them was recorded.

Every wind and current in them is linear in the hour, so that what comes out can be told in advance.
"""

import http.server
import json
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import netCDF4
import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from cordiale.earth.instants import Span, utc
from cordiale.earth.units import hours
from cordiale.sea import grib
from cordiale.sea.tide import Window

START = utc("2021-11-24 00:00")
SPAN = Span(earliest=START + 0.5 * hours, latest=START + 2.2 * hours)
WINDOW = Window(south=50.5, north=51.5, west=1.0, east=2.0)
AT = (np.array([51.0]), np.array([1.5]))


def open_meteo(order, change=None, *, speed="wind_speed_10m", direction="wind_direction_10m", unit="m/s"):
    """A list of places as the JSON of Open-Meteo: speed 10 + hour, direction 270 at every place asked for."""
    lat, lon = (str(order.arguments[key]).split(",") for key in ("latitude", "longitude"))
    answer = [
        {
            "latitude": round(float(a) + 0.01, 4),
            "longitude": round(float(b) - 0.01, 4),
            "generationtime_ms": 0.21,
            "utc_offset_seconds": 0,
            "timezone": "GMT",
            "timezone_abbreviation": "GMT",
            "elevation": 0.0,
            "location_id": k,
            "hourly_units": {"time": "unixtime", speed: unit, direction: "°"},
            "hourly": {
                "time": [int(START + hour * hours) for hour in range(24)],
                speed: [10.0 + hour for hour in range(24)],
                direction: [270] * 24,
            },
        }
        for k, (a, b) in enumerate(zip(lat, lon, strict=True))
    ]
    if change:
        change(answer)
    return answer


def open_meteo_sea(order, land=(), change=None):
    """The same of the marine service: 3.6 + 3.6 hour km/h towards 90, null at the places of `land`."""

    def tide(answer):
        for k, place in enumerate(answer):
            values = [3.6 * (1 + hour) / 4 for hour in range(24)]
            place["hourly"]["ocean_current_velocity"] = [None] * 24 if k in land else values
            place["hourly"]["ocean_current_direction"] = [None] * 24 if k in land else [90] * 24
        if change:
            change(answer)

    names = {"speed": "ocean_current_velocity", "direction": "ocean_current_direction", "unit": "km/h"}
    return open_meteo(order, tide, **names)


def _lines(data, lines):
    for name, (values, units) in lines.items():
        data.createDimension(name, len(values))
        data.createVariable(name, "f8", (name,))[:] = values
        data[name].units = units


def copernicus(path, missing=False):
    """NetCDF of a subset of the north-west shelf: `uo`, `vo` with standard names, fill values on land."""
    with netCDF4.Dataset(path, "w") as data:
        data.title = "hourly mean of a hand-made sea"
        lines = {
            "time": (np.arange(4.0), "hours since 2021-11-24"),
            "latitude": (np.arange(50.4, 51.7, 0.1), "degrees_north"),
            "longitude": (np.arange(0.9, 2.2, 0.1), "degrees_east"),
        }
        _lines(data, lines)
        for name, word, speed in (("uo", "eastward", 0.5), ("vo", "northward", -0.25)):
            variable = data.createVariable(name, "f4", tuple(lines), fill_value=9.96921e36)
            variable.standard_name, variable.units = f"{word}_sea_water_velocity", "m s-1"
            variable[:] = speed
            variable[:, :3, :3] = np.ma.masked
            if missing:
                variable[2] = np.ma.masked


def era5(path, arguments):
    """NetCDF of the store: `valid_time`, falling latitudes, scalar `number`, texts `expver`, parameters by number."""
    with netCDF4.Dataset(path, "w") as data:
        data.Conventions, data.institution = "CF-1.7", "a hand-made centre"
        day = f"{arguments['year'][0]}-{arguments['month'][0]}-{arguments['day'][0]}"
        north, west, south, east = arguments["area"]
        clock = [utc(f"{day} {time}") for time in arguments["time"]]
        _lines(
            data,
            {
                "valid_time": (clock, "seconds since 1970-01-01"),
                "latitude": (np.arange(north, south - 0.1, -0.25), "degrees_north"),
                "longitude": (np.arange(west, east + 0.1, 0.25), "degrees_east"),
            },
        )
        data["valid_time"].standard_name, data["valid_time"].calendar = "time", "proleptic_gregorian"
        data.createVariable("number", "i8", ())[...] = 0
        data.createVariable("expver", str, ("valid_time",))[:] = np.array(["0001"] * len(clock), dtype=object)
        hour = (np.array(clock) - START) / hours
        for name, number, first, word in (("u10", 165, 6.0, "U"), ("v10", 166, 2.0, "V")):
            variable = data.createVariable(name, "f4", ("valid_time", "latitude", "longitude"), fill_value=np.nan)
            variable.units, variable.standard_name, variable.GRIB_paramId = "m s**-1", "unknown", number
            variable.long_name, variable.coordinates = f"10 metre {word} wind component", "number valid_time expver"
            variable[:] = np.broadcast_to((first + hour)[:, None, None], variable.shape)


def arome(coverage, hour):
    """One GRIB 2 message: 5 by 5 points; eastward as many m/s as hours since midnight, northward -3."""
    handle = grib.eccodes.codes_grib_new_from_samples("regular_ll_sfc_grib2")
    settings = {
        "paramId": 165 if coverage.startswith("U") else 166, "dataDate": 20211124, "dataTime": 0, "stepUnits": 1,
        "step": hour, "Ni": 5, "Nj": 5, "latitudeOfFirstGridPointInDegrees": 51.5,
        "latitudeOfLastGridPointInDegrees": 50.5, "longitudeOfFirstGridPointInDegrees": 1.0,
        "longitudeOfLastGridPointInDegrees": 2.0, "iDirectionIncrementInDegrees": 0.25,
        "jDirectionIncrementInDegrees": 0.25,
    }  # fmt: skip
    for key, value in settings.items():
        grib.eccodes.codes_set(handle, key, value)
    grib.eccodes.codes_set_values(handle, np.full(25, float(hour) if coverage.startswith("U") else -3.0))
    message = grib.eccodes.codes_get_message(handle)
    grib.eccodes.codes_release(handle)
    return message


def self_signed(folder):
    """A file with a key and a certificate for 127.0.0.1 that nobody but itself vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime(2021, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return path


class Asked:
    """One request as it arrived at the server."""

    def __init__(self, handler, body):
        self.method, self.path, self.headers = (
            handler.command,
            handler.path,
            {k.lower(): v for k, v in handler.headers.items()},
        )
        self.body = json.loads(body) if body else None


@contextmanager
def server(*answers, certificate=None):
    """A server on this machine that gives its answers in turn, the last of them again and again.

    An answer is (status, headers, body) or a function of what was asked that returns one. Yields its address and the
    list of what it was asked.
    """
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append(Asked(self, body))
            given = answers[min(len(asked), len(answers)) - 1]
            status, headers, content = given(asked[-1]) if callable(given) else given
            self.send_response(status)
            for name, value in {"Content-Length": len(content), **headers}.items():
                if value is not None:
                    self.send_header(name, str(value))
            self.end_headers()
            try:
                self.wfile.write(content)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_GET = do_POST = answer

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            listening.socket = context.wrap_socket(listening.socket, server_side=True)
            listening.handle_error = lambda request, address: None
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http{'s' if certificate else ''}://127.0.0.1:{listening.server_port}", asked
        finally:
            listening.shutdown()
            thread.join()
