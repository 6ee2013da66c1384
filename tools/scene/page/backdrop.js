// The still part of the picture with its depth, kept between frames.
import * as T from 'three';

const VERTEX = 'varying vec2 at; void main() { at = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }';
const FRAGMENT = `
uniform sampler2D colour;
uniform sampler2D depth;
varying vec2 at;
void main() {
  gl_FragColor = vec4(texture2D(colour, at).rgb, 1.0);
  gl_FragDepth = texture2D(depth, at).r;
  #include <tonemapping_fragment>
  #include <colorspace_fragment>
}`;

export function backdrop(gl, [width, height]) {
  const target = new T.WebGLRenderTarget(width * 2, height * 2, {
    type: T.HalfFloatType, depthTexture: new T.DepthTexture(width * 2, height * 2, T.UnsignedIntType),
  });
  const scene = new T.Scene();
  const quad = new T.Mesh(new T.PlaneGeometry(2, 2), new T.ShaderMaterial({
    vertexShader: VERTEX, fragmentShader: FRAGMENT, depthTest: true, depthWrite: true, depthFunc: T.AlwaysDepth,
    uniforms: { colour: { value: target.texture }, depth: { value: target.depthTexture } },
  }));
  quad.frustumCulled = false;
  scene.add(quad);
  const camera = new T.Camera();
  return {
    keep(fixed, eye) {
      gl.setRenderTarget(target);
      gl.clear();
      gl.render(fixed, eye);
      gl.setRenderTarget(null);
    },
    show() { gl.render(scene, camera); },
    dispose() { target.dispose(); },
  };
}
