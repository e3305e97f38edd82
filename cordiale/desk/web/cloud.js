// The particles: one point each, drawn by a small WebGL layer. Mercator is computed in double precision about a local
// origin and only the offset goes to the graphics card, so that points neither jitter nor shift.

/** @param {string} colour #rrggbb @returns {[number, number, number]} */
const rgb = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) / 255);

const VERTEX = `#version 300 es
uniform mat4 matrix; uniform float size; in vec2 place;
void main() { gl_Position = matrix * vec4(place, 0.0, 1.0); gl_PointSize = size; }`;
const FRAGMENT = `#version 300 es
precision mediump float; uniform vec4 ink; out vec4 colour;
void main() { vec2 d = gl_PointCoord - 0.5; if (dot(d, d) > 0.25) discard; colour = vec4(ink.rgb * ink.a, ink.a); }`;

/** Web Mercator, x and y from 0 to 1, y downwards. @param {number} lat @param {number} lon */
export function mercator(lat, lon) {
  return [(lon + 180) / 360, 0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)];
}

/** @param {WebGL2RenderingContext} gl @param {number} kind @param {string} source */
function shader(gl, kind, source) {
  const made = /** @type {WebGLShader} */ (gl.createShader(kind));
  gl.shaderSource(made, source);
  gl.compileShader(made);
  if (!gl.getShaderParameter(made, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(made) ?? "shader");
  return made;
}

/** A MapLibre custom layer that draws one set of particles in one ink. */
export class Cloud {
  /** @param {string} id @param {number} size diameter in pixels @param {number} opacity */
  constructor(id, size, opacity) {
    this.id = id;
    this.type = "custom";
    this.renderingMode = "2d";
    this.size = size;
    this.opacity = opacity;
    this.ink = "#000000";
    this.origin = mercator(51, 1.5);
    this.points = new Float32Array(0);
    this.changed = true;
  }

  /** @param {any} map @param {WebGL2RenderingContext} gl */
  onAdd(map, gl) {
    this.map = map;
    const program = /** @type {WebGLProgram} */ (gl.createProgram());
    gl.attachShader(program, shader(gl, gl.VERTEX_SHADER, VERTEX));
    gl.attachShader(program, shader(gl, gl.FRAGMENT_SHADER, FRAGMENT));
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? "program");
    this.program = program;
    this.buffer = gl.createBuffer();
    this.array = gl.createVertexArray();
    this.changed = true;
  }

  /** @param {[number, number][]} places latitude and longitude @param {string} ink */
  show(places, ink) {
    const [x0, y0] = this.origin;
    this.points = new Float32Array(places.length * 2);
    places.forEach(([lat, lon], i) => {
      const [x, y] = mercator(lat, lon);
      this.points[2 * i] = x - x0;
      this.points[2 * i + 1] = y - y0;
    });
    this.ink = ink;
    this.changed = true;
    this.map?.triggerRepaint();
  }

  /** @param {WebGL2RenderingContext} gl @param {any} frame */
  render(gl, frame) {
    if (!this.points.length) return;
    const matrix = Array.from(frame.defaultProjectionData.mainMatrix);
    const [x0, y0] = this.origin;
    for (let row = 0; row < 4; row++) matrix[12 + row] += matrix[row] * x0 + matrix[4 + row] * y0;
    gl.useProgram(this.program);
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    if (this.changed) gl.bufferData(gl.ARRAY_BUFFER, this.points, gl.STATIC_DRAW);
    this.changed = false;
    const place = gl.getAttribLocation(this.program, "place");
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, 2, gl.FLOAT, false, 0, 0);
    gl.uniformMatrix4fv(gl.getUniformLocation(this.program, "matrix"), false, new Float32Array(matrix));
    gl.uniform1f(gl.getUniformLocation(this.program, "size"), this.size * devicePixelRatio);
    gl.uniform4f(gl.getUniformLocation(this.program, "ink"), ...rgb(this.ink), this.opacity);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.drawArrays(gl.POINTS, 0, this.points.length / 2);
    gl.bindVertexArray(null);
  }
}
